using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Yards;

namespace Madang.Tests.Operation;

public sealed class TellingMetricsOnSqlite() : TellingMetrics(NewYards.OnSqlite)
{
    [Fact]
    public async Task The_writers_queue_and_how_its_commits_are_shared_are_told()
    {
        await using var yard = await NewYards.OnSqlite.Start();
        var me = await yard.SignUp();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Write(me)));
        var metrics = await Metrics(yard);
        Assert.Equal(0, metrics["madang_sqlite_queue"]);
        Assert.True(metrics["madang_sqlite_writes_per_commit_sum"] >= 20);
        Assert.True(metrics["madang_sqlite_commit_duration_seconds_count"] > 0);
        Assert.Equal(
            metrics["madang_sqlite_writes_per_commit_count"],
            metrics["madang_sqlite_writes_per_commit_bucket{le=\"+Inf\"}"]
        );
    }
}

public sealed class TellingMetricsOnPostgres(PostgresServer postgres) : TellingMetrics(NewYards.OnPostgres(postgres));

/// <summary>What Prometheus reads.</summary>
public abstract partial class TellingMetrics(NewYard yards)
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_counted_by_route_and_status_in_the_text_that_Prometheus_reads()
    {
        await using var yard = await yards.Start();
        var me = await yard.SignUp();
        await Write(me);
        await Write(me);

        using var answer = await yard.Anonymous.GetAsync("/metrics", Stop);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        Assert.Contains("# TYPE http_server_request_duration_seconds histogram\n", text, StringComparison.Ordinal);
        var writes = Parse(text)
            .Where(one =>
                one.Key.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal)
                && one.Key.Contains("http_route=\"/api/v1/memos\"", StringComparison.Ordinal)
            )
            .ToList();
        Assert.Equal(2, Assert.Single(writes).Value);
        Assert.Contains("http_response_status_code=\"201\"", writes[0].Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waits_for_the_database_are_told_and_each_server_counts_for_itself()
    {
        await using var other = await yards.Start();
        await using var yard = await yards.Start();
        var me = await yard.SignUp();
        var before = (await Metrics(other))["madang_database_wait_duration_seconds_count"];
        var busy = (await Metrics(yard))["madang_database_wait_duration_seconds_count"];
        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Write(me)));
        Assert.True((await Metrics(yard))["madang_database_wait_duration_seconds_count"] >= busy + 300);
        // Its own worker looks for deliveries meanwhile, once a second.
        Assert.InRange((await Metrics(other))["madang_database_wait_duration_seconds_count"], before, before + 250);
    }

    [Fact]
    public async Task Where_a_token_is_set_everybody_needs_it_on_the_machine_and_elsewhere()
    {
        await using var yard = await yards.Start("--Metrics:Token=the right one");
        foreach (
            var (authorization, status) in new (string?, HttpStatusCode)[]
            {
                (null, HttpStatusCode.Unauthorized),
                ("Bearer wrong", HttpStatusCode.Unauthorized),
                ("Bearer the right one", HttpStatusCode.OK),
                ("bearer the right one", HttpStatusCode.OK),
            }
        )
        {
            // A proxy on this machine need not tell that it is one.
            foreach (var proxy in new (string, string)[][] { [], [("X-Forwarded-For", "203.0.113.7")] })
            {
                using var answer = await yard.Anonymous.Send(
                    HttpMethod.Get,
                    "/metrics",
                    null,
                    authorization is null ? proxy : [.. proxy, ("Authorization", authorization)]
                );
                Assert.Equal(status, answer.StatusCode);
                Assert.Equal(status == HttpStatusCode.Unauthorized, answer.Headers.WwwAuthenticate.Count > 0);
            }
        }
    }

    [Fact]
    public async Task A_program_on_the_machine_reads_them_beside_a_public_name_and_nobody_through_a_proxy_does()
    {
        await using var yard = await yards.Start("--Public:BaseUrl=https://yard.example.com");
        await Ask().Is(HttpStatusCode.OK);
        await Ask(("Host", $"localhost:{new Uri(yard.Url).Port}")).Is(HttpStatusCode.OK);
        await Ask(("Host", "yard.example.com")).Is(HttpStatusCode.Unauthorized);
        foreach (var header in new[] { "X-Forwarded-For", "Forwarded", "Via", "X-Real-IP" })
        {
            await Ask((header, "127.0.0.1")).Is(HttpStatusCode.Unauthorized);
        }
        using var old = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Version = HttpVersion.Version10 };
        using var answer = await yard.Anonymous.SendAsync(old, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);

        Task<HttpResponseMessage> Ask(params (string, string)[] headers) =>
            yard.Anonymous.Send(HttpMethod.Get, "/metrics", null, headers);
    }

    [Fact]
    public async Task Without_a_token_nobody_reads_them_from_elsewhere()
    {
        await using var yard = await yards.Start();
        var me = await yard.SignUp();
        foreach (var authorization in new[] { "Bearer", "Bearer ", $"Bearer {me.AccessToken}" })
        {
            await yard
                .Anonymous.Send(
                    HttpMethod.Get,
                    "/metrics",
                    null,
                    ("X-Forwarded-For", "203.0.113.7"),
                    ("Authorization", authorization)
                )
                .Is(HttpStatusCode.Unauthorized);
        }
    }

    private protected static Task Write(Person me) =>
        me.Client.Send(HttpMethod.Post, "/api/v1/memos", new { text = "세어 보자" }).Is(HttpStatusCode.Created);

    private protected static async Task<Dictionary<string, double>> Metrics(Yard yard) =>
        Parse(await yard.Anonymous.GetStringAsync("/metrics", Stop));

    private static Dictionary<string, double> Parse(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => (Name: line[..line.LastIndexOf(' ')], Value: line[(line.LastIndexOf(' ') + 1)..]))
            .ToDictionary(
                line => line.Name,
                line =>
                    line.Value == "+Inf"
                        ? double.PositiveInfinity
                        : double.Parse(line.Value, CultureInfo.InvariantCulture)
            );

    /// <summary>A line of the text exposition format 0.0.4: a comment about a metric, or a sample.</summary>
    [GeneratedRegex(
        """^(# (HELP|TYPE) [a-z_][a-z0-9_]* .+|[a-z_][a-z0-9_]*(\{[a-z_]+="([^"\\]|\\[\\n"])*"(,[a-z_]+="([^"\\]|\\[\\n"])*")*\})? (\+Inf|-?[0-9.E+-]+))$"""
    )]
    private static partial Regex Line();
}
