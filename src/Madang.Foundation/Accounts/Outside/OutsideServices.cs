using Madang.Foundation.Accounts.Trusted;
using Madang.Foundation.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Accounts.Outside;

internal static class OutsideServices
{
    /// <summary>Registers sign-in through others: providers for people, trusted issuers for programs.</summary>
    /// <exception cref="Modules.StartupException">What is configured could not work.</exception>
    internal static void AddOutsideSignIn(
        this IServiceCollection services,
        IConfiguration configuration,
        bool isProduction
    )
    {
        var providers = ProviderSettings.Read(configuration, isProduction);
        services.AddSingleton(providers);
        if (providers.Count > 0)
        {
            services.AddSingleton(
                new SettingsEntry("/settings/connections", () => FrameWords.Say["connections.title"])
            );
        }
        services.AddSingleton(TrustedIssuerSettings.Read(configuration));
        services.AddSingleton<OutsideCalls>();
        services.AddSingleton<Providers>().AddSingleton<UsedStates>().AddSingleton<LinkTickets>();
        services.AddSingleton<ConnectionStore>().AddSingleton<TrustedTokens>();
        services.AddTransient<ProviderHandler>();
        services.AddScoped<OutsideSignIn>().AddScoped<Connections>().AddScoped<FirstPassword>();
    }
}
