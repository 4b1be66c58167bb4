using System.Globalization;
using System.Text.RegularExpressions;
using Madang.Foundation.Modules;
using Madang.Foundation.Web;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>
/// One provider, a section <c>SignIn:Providers:NAME</c> of the configuration. The program knows no provider by itself: endpoints and
/// dialects of the well-known ones stand in <c>appsettings.json</c>, and what is left out there is OpenID Connect's.
/// </summary>
internal sealed partial class ProviderSettings
{
    /// <summary>As the provider gave it; without one the provider isn't offered.</summary>
    public string? ClientId { get; set; }

    /// <summary>As the provider gave it.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What people call it; left out, its name.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What it is called in Korean, where that differs.</summary>
    public string? KoreanName { get; set; }

    /// <summary>With the subject, the identity. Without endpoints they are asked for at its <c>/.well-known/openid-configuration</c>.</summary>
    public string? Issuer { get; set; }

    /// <summary>Where the browser is sent.</summary>
    public string? AuthorizationEndpoint { get; set; }

    /// <summary>Where the code is traded.</summary>
    public string? TokenEndpoint { get; set; }

    /// <summary>Where it is told who came.</summary>
    public string? UserInformationEndpoint { get; set; }

    /// <summary>What is asked for, with spaces between.</summary>
    public string Scope { get; set; } = "openid email profile";

    /// <summary>Whether it knows proof keys (RFC 7636).</summary>
    public bool UsePkce { get; set; } = true;

    /// <summary>Whether its token endpoint wants the state too, as Naver's does.</summary>
    public bool SendsState { get; set; }

    /// <summary><c>path=value</c> that its user information must hold to be an answer at all, or nothing.</summary>
    public string Success { get; set; } = "";

    /// <summary>Where in its user information the subject stands: a path with dots.</summary>
    public string Subject { get; set; } = "sub";

    /// <summary>Where the e-mail stands.</summary>
    public string Email { get; set; } = "email";

    /// <summary>Paths, with commas between, that must all be true for the e-mail to count; nothing where the provider gives none but its own members'.</summary>
    public string EmailVerified { get; set; } = "email_verified";

    /// <summary>Paths, with commas between: the first that holds something is the username.</summary>
    public string Username { get; set; } = "name,preferred_username,nickname";

    /// <returns>What people call it in a language, or null where nothing is configured.</returns>
    internal string? NameIn(CultureInfo language) =>
        (language.Equals(Languages.Korean) ? KoreanName : null) ?? DisplayName;

    internal bool NeedsDiscovery =>
        AuthorizationEndpoint is null || TokenEndpoint is null || UserInformationEndpoint is null;

    /// <returns>The providers that have a client, by name.</returns>
    /// <exception cref="StartupException">One could not work.</exception>
    internal static IReadOnlyDictionary<string, ProviderSettings> Read(IConfiguration configuration, bool isProduction)
    {
        var configured = new SortedDictionary<string, ProviderSettings>(StringComparer.Ordinal);
        foreach (var section in configuration.GetSection("SignIn:Providers").GetChildren())
        {
            var settings = section.Get<ProviderSettings>() ?? new();
            if (!string.IsNullOrWhiteSpace(settings.ClientId))
            {
#pragma warning disable CA1308 // Environment variables are often written in capitals; a path of ours is not.
                var name = section.Key.ToLowerInvariant();
#pragma warning restore CA1308
                settings.Check(name);
                configured.Add(name, settings);
            }
        }
        if (configured.Count > 0 && isProduction && string.IsNullOrEmpty(configuration["Public:BaseUrl"]))
        {
            throw new StartupException(
                $"SignIn:Providers:{configured.Keys.First()} needs Public:BaseUrl, the address to which the provider sends people back, such as https://yard.example.com."
            );
        }
        return configured;
    }

    private void Check(string name)
    {
        var section = $"SignIn:Providers:{name}";
        if (!Name().IsMatch(name))
        {
            throw new StartupException($"{section}: a provider's name has 1 to 32 letters, digits and hyphens.");
        }
        if (string.IsNullOrWhiteSpace(ClientSecret))
        {
            throw new StartupException($"{section} has a ClientId but no ClientSecret.");
        }
        if (string.IsNullOrWhiteSpace(Issuer))
        {
            throw new StartupException($"{section} needs an Issuer: with the subject it tells who somebody is.");
        }
        foreach (
            var (setting, url) in new[]
            {
                (nameof(AuthorizationEndpoint), AuthorizationEndpoint),
                (nameof(TokenEndpoint), TokenEndpoint),
                (nameof(UserInformationEndpoint), UserInformationEndpoint),
                (nameof(Issuer), NeedsDiscovery ? Issuer : null),
            }
        )
        {
            if (url is not null && !OutsideCalls.IsSafe(url))
            {
                throw new StartupException($"{section}:{setting} is '{url}', but must be an https URL.");
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$")]
    private static partial Regex Name();
}
