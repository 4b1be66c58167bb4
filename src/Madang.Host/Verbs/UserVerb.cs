using System.CommandLine;
using System.Globalization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;

namespace Madang.Host.Verbs;

/// <summary><c>user add|admin|password|disable|enable|list</c>: accounts from the machine itself, beside a running server.</summary>
internal static class UserVerb
{
    private const string PasswordNote =
        "The password is asked for twice without being shown, or read as one line from standard input when that is no terminal.";

    internal static Command Command()
    {
        var verb = new Verb("user", "Make and change accounts, beside a running server; it sees a change within 2 s.");
        verb.Subcommands.Add(Add());
        verb.Subcommands.Add(Admin());
        verb.Subcommands.Add(Password());
        verb.Subcommands.Add(
            Change(
                "disable",
                "Let nobody sign in to an account any more, and end all its sessions; what it wrote stays.",
                new UserChangeInput { Disabled = new(true) },
                "may no longer sign in, and is signed out everywhere"
            )
        );
        verb.Subcommands.Add(
            Change(
                "enable",
                "Let a disabled account sign in again.",
                new UserChangeInput { Disabled = new(false) },
                "may sign in again"
            )
        );
        verb.Subcommands.Add(List());
        return verb;
    }

    private static Command Add()
    {
        var email = Email("The e-mail that the person signs in with.");
        var name = new Option<string?>("--name")
        {
            Description = "The name that others see; the e-mail's part before the @ when left out.",
        };
        var admin = new Option<bool>("--admin") { Description = "Make an admin; the first account always is one." };
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "add",
            $"Make an account, whether sign-up is open or not. {PasswordNote}",
            "madang user add jiwoo@example.com --name 지우"
        )
        {
            email,
            name,
            admin,
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                With(
                    SettingsArgument.Of(parsed, settings),
                    async accounts =>
                    {
                        var address = parsed.GetValue(email)!;
                        var user = await accounts.Add(
                            address,
                            parsed.GetValue(name) ?? address.Split('@')[0],
                            PasswordPrompt.Ask(),
                            parsed.GetValue(admin),
                            stop
                        );
                        Console.WriteLine($"{user.Email} has an account now, as {user.Role}.");
                    }
                )
        );
        return verb;
    }

    private static Command Admin()
    {
        var email = Email("Whose account it is.");
        var revoke = new Option<bool>("--revoke") { Description = "Make a member of an admin instead." };
        var settings = SettingsArgument.New();
        var verb = new Verb("admin", "Make an admin of a user.", "madang user admin jiwoo@example.com")
        {
            email,
            revoke,
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                With(
                    SettingsArgument.Of(parsed, settings),
                    async accounts =>
                    {
                        var role = parsed.GetValue(revoke) ? Roles.Member : Roles.Admin;
                        var user = await accounts.Change(
                            parsed.GetValue(email)!,
                            new UserChangeInput { Role = new Given<string>(role) },
                            stop
                        );
                        Console.WriteLine($"{user.Email} has the role {user.Role} now.");
                    }
                )
        );
        return verb;
    }

    private static Command Password()
    {
        var email = Email("Whose password it is.");
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "password",
            $"Give a user another password, and end all his sessions. {PasswordNote}",
            "madang user password jiwoo@example.com"
        )
        {
            email,
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                With(
                    SettingsArgument.Of(parsed, settings),
                    async accounts =>
                    {
                        // Whose it is comes first: nobody types a password twice for an account that is not there.
                        var user = await accounts.Find(parsed.GetValue(email)!, stop);
                        await accounts.SetPassword(user.Email!, PasswordPrompt.Ask(), stop);
                        Console.WriteLine($"{user.Email} has another password now, and is signed out everywhere.");
                    }
                )
        );
        return verb;
    }

    private static Command Change(string name, string description, UserChangeInput input, string outcome)
    {
        var email = Email("Whose account it is.");
        var settings = SettingsArgument.New();
        var verb = new Verb(name, description, $"madang user {name} jiwoo@example.com") { email, settings };
        verb.SetAction(
            (parsed, stop) =>
                With(
                    SettingsArgument.Of(parsed, settings),
                    async accounts =>
                    {
                        var user = await accounts.Change(parsed.GetValue(email)!, input, stop);
                        Console.WriteLine($"{user.Email} {outcome}.");
                    }
                )
        );
        return verb;
    }

    private static Command List()
    {
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "list",
            "List all accounts, a line each, with tabs between: id, e-mail, name, role, state, day of making.",
            "madang user list"
        )
        {
            settings,
        };
        verb.SetAction(
            (parsed, stop) =>
                With(
                    SettingsArgument.Of(parsed, settings),
                    async accounts =>
                    {
                        await foreach (var user in accounts.List(stop))
                        {
                            var state = user.DisabledAt is null ? "enabled" : "disabled";
                            Console.WriteLine(
                                string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"{user.Id}\t{user.Email}\t{user.Username}\t{user.Role}\t{state}\t{user.CreatedAt:yyyy-MM-dd}"
                                )
                            );
                        }
                    }
                )
        );
        return verb;
    }

    private static Argument<string> Email(string description) => new("EMAIL") { Description = description };

    private static async Task<int> With(string[] settings, Func<OperatorAccounts, Task> work)
    {
        // What the API would say in the language of a browser.
        CultureInfo.CurrentUICulture = Languages.English;
        await using var db = Setup.OpenExisting(Setup.Configuration(settings));
        await using var services = Setup.Services(settings, db);
        await using var scope = services.Services.CreateAsyncScope();
        await work(ActivatorUtilities.CreateInstance<OperatorAccounts>(scope.ServiceProvider));
        return 0;
    }
}
