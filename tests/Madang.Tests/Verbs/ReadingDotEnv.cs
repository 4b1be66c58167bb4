using Madang.Foundation.Modules;
using Madang.Host.Verbs;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>Settings in <c>.env</c> of the working directory.</summary>
public sealed class ReadingDotEnv
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("  export A = b  ", "b")]
    [InlineData("A=", "")]
    [InlineData("A=b # said", "b")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A=# said", "")]
    [InlineData("A='b # \\n \" c'", "b # \\n \" c")]
    [InlineData("A=\"b # c\" # said", "b # c")]
    [InlineData("A=\"b\\n\\t\\\\\\\"\\$c\"", "b\n\t\\\"$c")]
    [InlineData("A=Host=db;Password=p=w", "Host=db;Password=p=w")]
    [InlineData("\uFEFF# 설정\r\n\r\nA=가을 길\r\n", "가을 길")]
    [InlineData("A=b\nA=c", "c")]
    public void A_line_is_a_name_and_a_value(string text, string value) =>
        Assert.Equal(("A", value), DotEnv.Parse(text)[^1]);

    [Theory]
    [InlineData("A=b\nsecret", 2)]
    [InlineData("=secret", 1)]
    [InlineData("# x\n\n1A=secret", 3)]
    [InlineData("A B=secret", 1)]
    [InlineData("A=\"secret", 1)]
    [InlineData("A='secret' more", 1)]
    [InlineData("A=\"\\q secret\"", 1)]
    public void A_malformed_line_is_told_by_its_number_and_never_shown(string text, int line)
    {
        var refused = Assert.Throws<StartupException>(() => DotEnv.Parse(text));
        Assert.StartsWith($".env, line {line}: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_wins_over_it_and_the_command_line_over_both()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File(".env"), "Data__Directory=./file\n", Stop);
        await HasDataIn("file", []);
        // The same setting in another spelling.
        await HasDataIn("environment", new() { ["DATA__DIRECTORY"] = "./environment" });
        await HasDataIn("line", new() { ["DATA__DIRECTORY"] = "./environment" }, "--Data:Directory=./line");

        await File.AppendAllTextAsync(folder.File(".env"), "nonsense\n", Stop);
        (await Ran.In(folder.Path, [], "migrate")).Refused(".env, line 2: it must be NAME=value");

        async Task HasDataIn(string name, Dictionary<string, string> environment, params string[] words)
        {
            (await Ran.In(folder.Path, environment, ["migrate", .. words])).Well();
            Assert.True(File.Exists(Path.Combine(folder.File(name), "madang.db")), name);
            Directory.Delete(folder.File(name), recursive: true);
        }
    }
}
