global using Madang.BrowserTests.Browsers;
global using Microsoft.Playwright;
global using static Microsoft.Playwright.Assertions;
global using Xunit;

// One browser serves all classes, and a server each: more at once only slow each other down.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: AssemblyFixture(typeof(Chromium))]
