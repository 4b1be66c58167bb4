using System.CommandLine;
using Madang.Foundation.Accounts;

namespace Madang.Host.Verbs;

/// <summary><c>keys rotate</c>: another key for access tokens, without signing anybody out unless the old one leaked.</summary>
internal static class KeysVerb
{
    internal static Command Command()
    {
        var verb = new Verb("keys", "Look after the keys that access tokens are signed with.");
        verb.Subcommands.Add(Rotate());
        return verb;
    }

    private static Command Rotate()
    {
        var settings = SettingsArgument.New();
        var now = new Option<bool>("--now")
        {
            Description =
                "The old keys leaked: throw them away. What they signed is refused within seconds, and programs get new tokens by their refresh tokens.",
        };
        var verb = new Verb(
            "rotate",
            "Make a new signing key, beside running servers. They sign with it a minute later; what the old ones signed stays good as long as it lives.",
            "madang keys rotate"
        )
        {
            settings,
            now,
        };
        verb.SetAction((parsed, stop) => Run(parsed.GetValue(now), SettingsArgument.Of(parsed, settings), stop));
        return verb;
    }

    private static async Task<int> Run(bool isLeaked, string[] settings, CancellationToken stop)
    {
        await using var db = Setup.OpenExisting(Setup.Configuration(settings));
        await using var services = Setup.Services(settings, db);
        var made = await services.Services.GetRequiredService<SigningKeys>().Rotate(isLeaked, stop);
        Console.WriteLine(
            isLeaked
                ? $"The new {made.Algorithm} key {made.Kid} signs from now on; what any other signed is refused within {SigningKeys.Patience.TotalSeconds:0} seconds."
                : $"The new {made.Algorithm} key {made.Kid} signs from {SigningKeys.Delay.TotalSeconds:0} seconds from now; the old ones are read for an hour, and then removed."
        );
        return 0;
    }
}
