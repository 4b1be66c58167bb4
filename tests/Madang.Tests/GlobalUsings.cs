global using Microsoft.Extensions.DependencyInjection;
global using Xunit;

// Signals, rights of files and users of the system: the tests run where servers run.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
