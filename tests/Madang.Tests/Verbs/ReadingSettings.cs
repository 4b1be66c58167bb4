using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>Verbs read what the server reads: else one of them would look after another database than the one that is served.</summary>
public sealed class ReadingSettings
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_of_the_environment_counts_for_every_verb()
    {
        using var folder = new TemporaryFolder();
        var environment = $"Test{Guid.NewGuid():N}";
        var file = Path.Combine(AppContext.BaseDirectory, $"appsettings.{environment}.json");
        await File.WriteAllTextAsync(file, """{ "Data": { "Directory": "./named" } }""", Stop);
        try
        {
            (await Ran.In(folder.Path, new() { ["DOTNET_ENVIRONMENT"] = environment }, "migrate")).Well();
        }
        finally
        {
            File.Delete(file);
        }
        Assert.True(File.Exists(folder.File("named/madang.db")));
        Assert.False(Path.Exists(folder.File("data")));
    }
}
