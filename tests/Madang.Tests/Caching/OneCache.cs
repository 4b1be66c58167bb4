using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Tests.Caching;

/// <summary>The cache of one process: with a database connection of its own, as another process has.</summary>
internal sealed class OneCache : IAsyncDisposable
{
    private readonly ServiceProvider meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ILoggerFactory loggers;
    private readonly Database database;
    private readonly RedisConnection? redis;

    /// <summary>Starts one and lets it have its first look, for which a busy machine may need longer than a request waits.</summary>
    internal static async Task<OneCache> Start(Bare bare, string? redis = null, bool isEnabled = true)
    {
        var made = new OneCache(bare, redis, isEnabled);
        await Probe.Until(() => made.Cache.IsRedisUp != false);
        await Probe.Until(() => made.Cache.Versions.Ensure(CancellationToken.None).AsTask());
        return made;
    }

    private OneCache(Bare bare, string? redis, bool isEnabled)
    {
        loggers = LoggerFactory.Create(logging => logging.AddProvider(Log));
        database = bare.Open();
        Meter = new(meters.GetRequiredService<IMeterFactory>());
        var settings = new CacheSettings(
            isEnabled,
            64 * 1024 * 1024,
            redis is null ? null : RedisSettings.Parse(redis)
        );
        this.redis = settings.Redis is { } place ? new(place, loggers.CreateLogger<RedisConnection>()) : null;
        Cache = new(
            database,
            settings,
            this.redis is null ? null : new RedisLevel(this.redis),
            Json,
            Meter,
            loggers.CreateLogger<TwoLevelCache>()
        );
        Cache.TakeUpRedis();
    }

    internal static ContractJson Json
    {
        get
        {
            var options = new JsonOptions();
            Foundation.Http.Json.Configure(options.SerializerOptions);
            return new(Options.Create(options));
        }
    }

    internal TwoLevelCache Cache { get; }

    internal CacheMeter Meter { get; }

    internal Database Database => database;

    internal LoggedLines Log { get; } = new();

    /// <summary>Answers out of the cache with what the one row of the table says, or with what is computed otherwise.</summary>
    internal async Task<string> Answer(
        string key = "key",
        Func<CancellationToken, ValueTask<byte[]>>? compute = null,
        CancellationToken? stop = null
    )
    {
        var answer = await Cache.Answer(key, Tags, compute ?? Read, stop ?? TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(answer.Body.Span);
    }

    internal static string[] Tags => ["things"];

    internal async ValueTask<byte[]> Read(CancellationToken stop) =>
        Encoding.UTF8.GetBytes(await database.Read(sql => sql.Single<string>("SELECT value FROM things"), stop));

    /// <summary>Asks until the answer is this one: a request that begins a second from now must have it.</summary>
    internal async Task Sees(string value)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var began = watch.Elapsed;
            if (await Answer() == value)
            {
                return;
            }
            Assert.True(began < TimeSpan.FromSeconds(1), $"A request that began after {began} does not see it.");
            await Task.Delay(1);
        }
    }

    /// <summary>Changes the row as a writer does.</summary>
    internal Task<int> Write(string value, bool isTouched = true, bool isUndone = false) =>
        database.Write(
            async sql =>
            {
                await sql.Execute("UPDATE things SET value = @value", new { value });
                if (isTouched)
                {
                    await Cache.Touch(sql, Tags);
                }
                if (isUndone)
                {
                    sql.RollBack();
                }
                return 0;
            },
            TestContext.Current.CancellationToken
        );

    /// <summary>Makes the row, once for all processes.</summary>
    internal static async Task MakeTable(Bare bare)
    {
        await bare.InitializeAsync();
        await bare.Build();
        await bare.Do("CREATE TABLE things (value text NOT NULL)");
        await bare.Do("INSERT INTO things VALUES ('first')");
    }

    public async ValueTask DisposeAsync()
    {
        if (redis is not null)
        {
            await redis.DisposeAsync();
        }
        await database.DisposeAsync();
        await meters.DisposeAsync();
        loggers.Dispose();
    }
}
