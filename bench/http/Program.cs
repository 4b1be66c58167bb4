using Madang.HttpBench;

// Started by itself again, as the bare server that everything is measured against.
if (args is ["bare", var url, var status, .. var bodies])
{
    await BareServer.Run(url, int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), bodies);
    return;
}
var published =
    args is [var program, ..] && File.Exists(program)
        ? program
        : throw new ArgumentException("Give the path of the published server; bench/http/run does.");
if (args.Contains("--pages"))
{
    var report = new Report();
    await Pages.Measure(published, report);
    Console.WriteLine(report);
    return;
}
await (
    args.Contains("--links") ? Bench.OfLinks(published)
    : args.Contains("--library") ? Bench.OfLibrary(published)
    : Bench.OfMemos(published)
);
