using System.Globalization;
using Madang.Foundation.Mail;
using Madang.Foundation.Modules;

namespace Madang.Host.Verbs;

/// <summary>Finds settings that would only fail later, in the middle of a request.</summary>
internal static class SettingsCheck
{
    private static readonly string[] Switches = ["SignIn:AllowSignUp", "RateLimits:Enabled"];
    private static readonly string[] Urls = ["Public:BaseUrl", "Public:AssetsUrl"];
    private static readonly string[] Editors = ["librarians", "members"];

    /// <summary>Settings of the library that are numbers, with the smallest and the greatest.</summary>
    private static readonly (string Name, int Least, int Most)[] Numbers =
    [
        ("Library:MaxLoans", 1, 10_000),
        ("Library:LoanDays", 1, 3_650),
        ("Library:MaxRenewals", 0, 100),
        ("Library:MaxHolds", 0, 1_000),
        ("Library:PickupDays", 1, 365),
    ];

    private static readonly string[] Algorithms = ["HS256", "RS256", "ES256"];

    /// <exception cref="StartupException">One is not what it must be.</exception>
    internal static void Run(IConfiguration configuration)
    {
        foreach (var name in Switches)
        {
            Require(configuration, name, value => bool.TryParse(value, out _), "true or false");
        }
        foreach (var name in Urls)
        {
            Require(configuration, name, IsWeb, "an http or https URL");
        }
        CheckMail(configuration);
        foreach (var (name, least, most) in Numbers)
        {
            Require(
                configuration,
                name,
                value => int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most,
                $"a number from {least} to {most}"
            );
        }
        Require(configuration, "Library:Editors", Editors.Contains, string.Join(" or ", Editors));
        Require(configuration, "SignIn:Jwt:Algorithm", Algorithms.Contains, string.Join(", ", Algorithms));
    }

    /// <summary>
    /// Mail is on or off: half of its settings would only show when somebody waits for a link. Its links never begin with what a
    /// request said of the host.
    /// </summary>
    private static void CheckMail(IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration["Mail:Host"]))
        {
            return;
        }
        foreach (var name in new[] { "Public:BaseUrl", "Mail:From" })
        {
            if (string.IsNullOrWhiteSpace(configuration[name]))
            {
                throw new StartupException($"Mail:Host is set, so {name} is needed too.");
            }
        }
        Require(configuration, "Mail:From", MailSettings.IsSender, "a sender, such as Madang <yard@example.com>");
        Require(configuration, "Mail:Port", value => ushort.TryParse(value, out var port) && port > 0, "a port");
        Require(configuration, "Mail:Tls", MailSettings.TlsKinds.Contains, string.Join(" or ", MailSettings.TlsKinds));
    }

    private static void Require(IConfiguration configuration, string name, Func<string, bool> isGood, string what)
    {
        if (configuration[name] is { Length: > 0 } value && !isGood(value))
        {
            throw new StartupException($"{name} is '{value}', but must be {what}.");
        }
    }

    private static bool IsWeb(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
