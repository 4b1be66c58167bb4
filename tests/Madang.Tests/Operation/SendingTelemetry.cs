using System.Collections.Concurrent;
using System.Text;
using Madang.Foundation.Modules;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Madang.Tests.Operation;

/// <summary>Traces and metrics for an OpenTelemetry collector.</summary>
public sealed class SendingTelemetry
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_collector_is_told_traces_and_metrics_over_HTTP()
    {
        await using var collector = await Collector.Start(Stop);
        await using (
            var yard = await NewYards.OnSqlite.Start(
                $"--Telemetry:Otlp:Endpoint={collector.Url}",
                "--Telemetry:Otlp:Seconds=1"
            )
        )
        {
            var me = await yard.SignUp();
            await me.Client.GetAsync("/api/v1/memos?q=telemetry", Stop);
            await Probe.Until(() => Task.FromResult(collector.Has("/v1/metrics", "madang.sqlite.writes_per_commit")));
            await Probe.Until(() => Task.FromResult(collector.Has("/v1/metrics", "http.server.request.duration")));
        }
        // What was not sent yet goes out when the server stops.
        Assert.True(collector.Has("/v1/traces", "/api/v1/memos"));
        // A query may hold what was searched for, or the secret of a mailed link.
        Assert.False(collector.Has("/v1/traces", "q=telemetry"));
    }

    [Fact]
    public async Task A_collector_that_is_away_keeps_nobody_waiting()
    {
        await using var yard = await NewYards.OnSqlite.Start("--Telemetry:Otlp:Endpoint=http://127.0.0.1:1");
        var me = await yard.SignUp();
        Assert.True((await me.Client.GetAsync("/api/v1/memos", Stop)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_endpoint_that_is_none_is_said_at_the_start()
    {
        var error = await Assert.ThrowsAsync<StartupException>(() =>
            NewYards.OnSqlite.Start("--Telemetry:Otlp:Endpoint=collector")
        );
        Assert.Contains("Telemetry:Otlp:Endpoint", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Takes what is sent to it.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> taken = [];

        public string Url => app.Urls.First();

        public static async Task<Collector> Start(CancellationToken stop)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var collector = new Collector(app);
            app.MapPost(
                "/{**path}",
                async (HttpRequest request) =>
                {
                    using var body = new MemoryStream();
                    await request.Body.CopyToAsync(body);
                    // Protobuf keeps texts as they are.
                    collector.taken.Enqueue((request.Path, Encoding.Latin1.GetString(body.ToArray())));
                    return Results.Bytes([], "application/x-protobuf");
                }
            );
            await app.StartAsync(stop);
            return collector;
        }

        public bool Has(string path, string text) =>
            taken.Any(one => one.Path == path && one.Body.Contains(text, StringComparison.Ordinal));

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
