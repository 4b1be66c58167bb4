using System.Diagnostics.Metrics;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Caching;

/// <summary>Registers the cache that all rooms share.</summary>
internal static class CacheServices
{
    /// <exception cref="Modules.StartupException">A setting is not what it must be.</exception>
    internal static void AddCaching(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = CacheSettings.Of(configuration);
        services.AddSingleton(settings);
        services.AddSingleton(all => new CacheMeter(all.GetRequiredService<IMeterFactory>()));
        if (settings is { IsEnabled: true, Redis: { } redis })
        {
            services.AddSingleton(all => new RedisConnection(
                redis,
                all.GetRequiredService<ILogger<RedisConnection>>()
            ));
            services.AddSingleton<RedisLevel>().AddHostedService<RedisWorker>();
        }
        services.AddSingleton(all => new TwoLevelCache(
            all.GetRequiredService<Database>(),
            settings,
            all.GetService<RedisLevel>(),
            all.GetRequiredService<ContractJson>(),
            all.GetRequiredService<CacheMeter>(),
            all.GetRequiredService<ILogger<TwoLevelCache>>()
        ));
        services.AddSingleton(all => new AnswersAtOnce(
            all.GetRequiredService<TwoLevelCache>(),
            all.GetRequiredService<KnownCallers>(),
            all.GetRequiredService<IOptions<RateLimiterOptions>>(),
            configuration
        ));
        services.AddSingleton<HybridCache>(all => all.GetRequiredService<TwoLevelCache>());
    }
}
