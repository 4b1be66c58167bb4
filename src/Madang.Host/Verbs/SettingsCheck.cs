using Madang.Foundation.Modules;

namespace Madang.Host.Verbs;

/// <summary>Finds settings that would only fail later, in the middle of a request.</summary>
internal static class SettingsCheck
{
    private static readonly string[] Switches = ["SignIn:AllowSignUp", "RateLimits:Enabled"];
    private static readonly string[] Urls = ["Public:BaseUrl", "Public:AssetsUrl"];
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
        Require(configuration, "SignIn:Jwt:Algorithm", Algorithms.Contains, string.Join(", ", Algorithms));
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
