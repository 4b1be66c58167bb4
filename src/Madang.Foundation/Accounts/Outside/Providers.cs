using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>One provider as ASP.NET Core's OAuth handler takes it.</summary>
internal sealed class ProviderOptions : OAuthOptions
{
    internal string Name { get; init; } = "";

    internal ProviderSettings Settings { get; init; } = new();

    /// <summary>What people call it, in the language of the request.</summary>
    internal string DisplayName => Settings.NameIn(CultureInfo.CurrentUICulture) ?? Name;
}

/// <summary>
/// The providers that this yard offers. Their handler runs from our own routes, not as schemes of the authentication middleware, which
/// would make one of each for every request.
/// </summary>
internal sealed class Providers : IOptionsMonitor<ProviderOptions>
{
    private readonly Dictionary<string, ProviderOptions> all = [];
    private readonly OutsideCalls calls;
    private readonly Dictionary<string, Discovery> discoveries = [];

    public Providers(
        IReadOnlyDictionary<string, ProviderSettings> configured,
        OutsideCalls calls,
        IDataProtectionProvider protection,
        TimeProvider clock
    )
    {
        this.calls = calls;
        foreach (var (name, settings) in configured)
        {
            var provider = Options(name, settings, protection, clock);
            all[name] = provider;
            discoveries[name] = new(provider, calls, clock);
        }
    }

    /// <summary>In the order of their names.</summary>
    internal IReadOnlyCollection<ProviderOptions> All => all.Values;

    public ProviderOptions CurrentValue => throw new NotSupportedException("A provider has a name.");

    public ProviderOptions Get(string? name) => all[name!];

    public IDisposable? OnChange(Action<ProviderOptions, string?> listener) => null;

    internal ProviderOptions? Find(string name) => all.GetValueOrDefault(name);

    /// <summary>Asks a provider for its endpoints when the configuration lacks one.</summary>
    /// <exception cref="OutsideException">It doesn't tell.</exception>
    internal Task Discover(ProviderOptions provider, CancellationToken stop) =>
        discoveries[provider.Name].Complete(stop);

    private ProviderOptions Options(
        string name,
        ProviderSettings settings,
        IDataProtectionProvider protection,
        TimeProvider clock
    )
    {
        var options = new ProviderOptions
        {
            Name = name,
            Settings = settings,
            ClientId = settings.ClientId!,
            ClientSecret = settings.ClientSecret!,
            AuthorizationEndpoint = settings.AuthorizationEndpoint!,
            TokenEndpoint = settings.TokenEndpoint!,
            UserInformationEndpoint = settings.UserInformationEndpoint!,
            UsePkce = settings.UsePkce,
            CallbackPath = $"/auth/{name}",
            Backchannel = calls.Client,
            RemoteAuthenticationTimeout = ProviderHandler.LongestWay,
            TimeProvider = clock,
            // Its own protector: the state of one provider is none of another's.
            StateDataFormat = new PropertiesDataFormat(protection.CreateProtector("Madang.Outside", name)),
        };
        foreach (var scope in settings.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Scope.Add(scope);
        }
        options.CorrelationCookie.Name = "madang_way.";
        options.CorrelationCookie.HttpOnly = true;
        options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        // The provider leads back by a link, and with a link a Lax cookie comes.
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        return options;
    }
}
