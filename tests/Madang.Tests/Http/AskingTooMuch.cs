using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Http;

/// <summary>One caller may ask for sign-in and sign-up a little, for everything else a lot.</summary>
public sealed class AskingTooMuch
{
    private static readonly object Nothing = new { };

    [Theory]
    [InlineData("/api/v1/auth/login", 60)]
    [InlineData("/api/v1/users", 30)]
    public async Task Calls_about_accounts_are_few_a_minute_for_one_address(string path, int most)
    {
        await using var yard = await NewYards.OnSqlite.Start();
        for (var call = 0; call < most; call++)
        {
            await Post(yard, path, "203.0.113.7").Is(HttpStatusCode.BadRequest);
        }
        using var refused = await Post(yard, path, "203.0.113.7");
        await refused.Problem(HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused.Headers.RetryAfter);
        await Post(yard, path, "203.0.113.8").Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task All_addresses_of_one_IPv6_household_are_one_caller()
    {
        await using var yard = await NewYards.OnSqlite.Start();
        for (var call = 0; call < 30; call++)
        {
            await Post(yard, "/api/v1/users", $"2001:db8:1:2::{call + 1}").Is(HttpStatusCode.BadRequest);
        }
        await Post(yard, "/api/v1/users", "2001:db8:1:2:ffff::9").Is(HttpStatusCode.TooManyRequests);
        await Post(yard, "/api/v1/users", "2001:db8:1:3::1").Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Switched_off_nothing_is_counted()
    {
        await using var yard = await NewYards.OnSqlite.Start("--RateLimits:Enabled=false");
        for (var call = 0; call < 70; call++)
        {
            await Post(yard, "/api/v1/auth/login", "203.0.113.7").Is(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task Everything_else_is_generous()
    {
        await using var yard = await NewYards.OnSqlite.Start();
        var me = await yard.SignUp();
        for (var call = 0; call < 500; call++)
        {
            await me.Client.Send(HttpMethod.Get, "/api/v1/users/me").Is(HttpStatusCode.OK);
        }
    }

    private static Task<HttpResponseMessage> Post(Yard yard, string path, string address) =>
        yard.Anonymous.Send(HttpMethod.Post, path, Nothing, ("X-Forwarded-For", address));
}
