using System.Net;
using Madang.Foundation.Accounts.Outside;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Outside;

/// <summary>Providers whose endpoints are not configured but told by themselves.</summary>
public sealed class Discovering
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_one_keeps_nobody_from_another_and_is_asked_once_for_all_who_wait()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        await using var slow = await Issuer(async http =>
        {
            Interlocked.Increment(ref asked);
            await held.Task.WaitAsync(http.RequestAborted);
            http.Response.StatusCode = 500;
        });
        await using var quick = await Issuer(Tell);
        await using var yard = await NewYards.OnSqlite.Start([
            "--environment=Development",
            "--RateLimits:Enabled=false",
            .. Settings("slow", slow),
            .. Settings("quick", quick),
        ]);
        var waiting = Enumerable.Range(0, 5).Select(_ => new Browser(yard).Return("/login/slow")).ToList();
        await Probe.Until(() => asked == 1);
        using (var hurried = new CancellationTokenSource())
        {
            // Who turns away takes nothing from the others.
            var gone = yard.Anonymous.GetAsync("/login/slow", hurried.Token);
            await hurried.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        }
        using (var sent = await new Browser(yard).Return("/login/quick").WaitAsync(Patience, Stop))
        {
            Assert.StartsWith($"{Url(quick)}/go?", sent.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }

        held.SetResult();
        foreach (var answer in await Task.WhenAll(waiting))
        {
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        }
        await new Browser(yard).Return("/login/slow").Is(HttpStatusCode.BadGateway);
        Assert.Equal(1, asked);
        yard.Clock.Advance(Discovery.Memory);
        await new Browser(yard).Return("/login/slow").Is(HttpStatusCode.BadGateway);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task What_failed_is_asked_again_later_and_what_was_told_stays()
    {
        var (asked, isUp) = (0, false);
        await using var issuer = await Issuer(http =>
        {
            asked++;
            http.Response.StatusCode = isUp ? 200 : 503;
            return isUp ? Tell(http) : Task.CompletedTask;
        });
        await using var yard = await NewYards.OnSqlite.Start([
            "--environment=Development",
            "--RateLimits:Enabled=false",
            .. Settings("company", issuer),
        ]);
        await new Browser(yard).Return("/login/company").Is(HttpStatusCode.BadGateway);
        isUp = true;
        await new Browser(yard).Return("/login/company").Is(HttpStatusCode.BadGateway);
        yard.Clock.Advance(Discovery.Memory);
        await new Browser(yard).Return("/login/company").Is(HttpStatusCode.Redirect);
        yard.Clock.Advance(TimeSpan.FromDays(1));
        isUp = false;
        await new Browser(yard).Return("/login/company").Is(HttpStatusCode.Redirect);
        Assert.Equal(2, asked);
    }

    private static async Task<WebApplication> Issuer(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", answer);
        await app.StartAsync(Stop);
        return app;
    }

    private static Task Tell(HttpContext http)
    {
        var url = $"http://{http.Request.Host}";
        return http.Response.WriteAsJsonAsync(
            new
            {
                issuer = url,
                authorization_endpoint = $"{url}/go",
                token_endpoint = $"{url}/token",
                userinfo_endpoint = $"{url}/me",
            },
            Stop
        );
    }

    private static string Url(WebApplication issuer) => issuer.Urls.First();

    private static string[] Settings(string name, WebApplication issuer) =>
        [
            $"--SignIn:Providers:{name}:ClientId=yard",
            $"--SignIn:Providers:{name}:ClientSecret=secret",
            $"--SignIn:Providers:{name}:Issuer={Url(issuer)}",
        ];
}
