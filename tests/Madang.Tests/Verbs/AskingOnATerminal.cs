using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>On a terminal a password is asked for twice and never shown, and long work has a bar.</summary>
public sealed class AskingOnATerminal
{
    [Fact]
    public async Task A_password_is_asked_for_twice_and_not_shown()
    {
        using var folder = new TemporaryFolder();
        (await Ran.Verb("migrate", folder.Setting)).Well();
        var made = await Ran.OnTerminal(
            "비밀의 뜰 77\r비밀의 뜰 77\r",
            "user",
            "add",
            "me@example.com",
            folder.Setting
        );
        Assert.Contains("Password:", made.Well().Output, StringComparison.Ordinal);
        Assert.Contains("Once more:", made.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "비밀의",
            made.Output[made.Output.IndexOf("Password:", StringComparison.Ordinal)..],
            StringComparison.Ordinal
        );

        var differs = await Ran.OnTerminal(
            "비밀의 뜰 77\r비밀의 뜰 78\r",
            "user",
            "password",
            "me@example.com",
            folder.Setting
        );
        Assert.Equal(1, differs.Code);
        Assert.Contains("The two passwords differ", differs.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_work_shows_a_bar_there_and_plain_lines_elsewhere()
    {
        using var folder = new TemporaryFolder();
        (await Ran.Verb("migrate", folder.Setting)).Well();
        var bar = await Ran.OnTerminal("", "backup", folder.File("one.zip"), folder.Setting);
        Assert.Contains("100%", bar.Well().Output, StringComparison.Ordinal);
        Assert.Contains('\u001b', bar.Output);

        var lines = (await Ran.Verb("backup", folder.File("two.zip"), folder.Setting)).Well().Output;
        Assert.Contains("Reading the database: done\n", lines, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', lines);
    }
}
