using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>The program itself over a database that a fault befalls, and one user of it.</summary>
internal sealed class Served(params string[] settings) : IAsyncDisposable
{
    private MadangProcess? program;
    private string url = "";
    private string? token;
    private DateTimeOffset signedInAt;

    /// <summary>Starts it.</summary>
    /// <returns>How long it took until it was ready.</returns>
    internal async Task<TimeSpan> Start()
    {
        var watch = Stopwatch.StartNew();
        program = MadangProcess.Start([
            "serve",
            "--urls",
            "http://127.0.0.1:0",
            "--RateLimits:Enabled=false",
            .. settings,
        ]);
        url = await program.Url;
        await Probe.Until(IsReady, Form.Hang);
        var time = watch.Elapsed;
        await SignIn();
        return time;
    }

    /// <summary>Brings the database to this release's schema.</summary>
    internal async Task Migrate()
    {
        await using var migrate = MadangProcess.Start(["migrate", .. settings]);
        var (code, errors) = await migrate.Ended();
        Assert.True(code == 0, errors);
    }

    internal async Task Kill()
    {
        await program!.Signal("KILL");
        await program.Ended();
        await program.DisposeAsync();
        program = null;
    }

    internal async Task Stop()
    {
        await program!.Signal("TERM");
        Assert.Equal(0, (await program.Ended()).Code);
    }

    internal async Task<bool> IsReady()
    {
        using var balancer = new HttpClient { Timeout = Form.Hang };
        using var answer = await balancer.GetAsync($"{url}/health/ready");
        return answer.IsSuccessStatusCode;
    }

    internal async Task<HttpStatusCode> Lives()
    {
        using var balancer = new HttpClient { Timeout = Form.Hang };
        using var answer = await balancer.GetAsync($"{url}/health/live");
        return answer.StatusCode;
    }

    internal async Task<HttpStatusCode> Get(string path)
    {
        using var client = Client();
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    /// <returns>A client that is signed in, and waits as long as a request may take.</returns>
    internal HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = new Uri(url), Timeout = Form.Hang };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return client;
    }

    /// <summary>Where it listens.</summary>
    internal string Url => url;

    /// <returns>The slugs of so many new links.</returns>
    internal async Task<List<string>> Links(int count)
    {
        using var client = Client();
        var slugs = new List<string>();
        while (slugs.Count < count)
        {
            var link = new { url = $"https://example.com/{Guid.NewGuid():N}" };
            using var answer = await client.PostAsJsonAsync("/api/v1/links", link);
            slugs.Add((await answer.Json(HttpStatusCode.Created)).Text("slug"));
        }
        return slugs;
    }

    /// <returns>How often these links were followed, as their statistics say.</returns>
    internal async Task<long> Followed(IEnumerable<string> slugs)
    {
        using var client = Client();
        var sum = 0L;
        foreach (var slug in slugs)
        {
            using var answer = await client.GetAsync($"/api/v1/links/{slug}/stats");
            var total = (await answer.Json(HttpStatusCode.OK)).GetProperty("total");
            sum += total.Number("people") + total.Number("bots");
        }
        return sum;
    }

    internal Writers Writers(int size = 100) => Faults.Writers.Begin(Client(), size);

    /// <returns>The ids of all memos, as the API lists them.</returns>
    internal async Task<HashSet<long>> Listed()
    {
        using var client = Client();
        var ids = new HashSet<long>();
        for (var path = "/api/v1/memos?page_size=500"; path is not null; )
        {
            var page = await client.GetFromJsonAsync<JsonElement>(path);
            ids.UnionWith(page.GetProperty("results").EnumerateArray().Select(memo => memo.Number("id")));
            path = page.GetProperty("next").GetString();
        }
        return ids;
    }

    public ValueTask DisposeAsync() => program?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>An access token outlives a restart, and lives for fifteen minutes.</summary>
    private async Task SignIn()
    {
        if (token is not null && DateTimeOffset.UtcNow - signedInAt < TimeSpan.FromMinutes(10))
        {
            return;
        }
        token = null;
        signedInAt = DateTimeOffset.UtcNow;
        using var client = Client();
        var person = new
        {
            email = "kim@example.com",
            username = "김",
            password = Yard.Password,
        };
        // The first time it makes the account, later it finds it made.
        using var made = await client.PostAsJsonAsync("/api/v1/users", person);
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/login", person);
        token = (await answer.Json(HttpStatusCode.OK)).Text("access_token");
    }
}
