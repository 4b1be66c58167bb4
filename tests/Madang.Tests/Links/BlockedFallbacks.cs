using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class BlockedFallbacksOnSqlite(SqliteYard yard) : BlockedFallbacks(yard), IClassFixture<SqliteYard>;

public sealed class BlockedFallbacksOnPostgres(PostgresYard yard) : BlockedFallbacks(yard), IClassFixture<PostgresYard>;

/// <summary>No way leads to a blocked host: not as what comes after the end either, and the preview says nothing of it.</summary>
public abstract class BlockedFallbacks(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_to_a_blocked_host_is_gone_whatever_its_fallback_and_a_blocked_fallback_is_none()
    {
        var blocked = await Slug("https://evil.example/a", "https://fine.example/", null);
        var ended = await Slug("https://fine.example/", "https://evil.example/b", DateTimeOffset.UtcNow.AddSeconds(-1));
        var other = await Slug("https://fine.example/", "https://fine.example/b", DateTimeOffset.UtcNow.AddSeconds(-1));
        await yard.Anonymous.Follow(blocked).Is(HttpStatusCode.PermanentRedirect);
        await yard.Anonymous.GetAsync($"/{blocked}+", Stop).Is(HttpStatusCode.OK);
        await yard.Anonymous.Follow(ended).Is(HttpStatusCode.Found);

        await yard
            .Admin.Client.PutAsync("/api/v1/links/blocked-hosts/evil.example", null, Stop)
            .Is(HttpStatusCode.NoContent);

        await yard.Anonymous.Follow(blocked).Is(HttpStatusCode.Gone);
        await yard.Anonymous.GetAsync($"/{blocked}+", Stop).Is(HttpStatusCode.Gone);
        await yard.Anonymous.Follow(ended).Is(HttpStatusCode.Gone);
        await yard.Anonymous.Follow(other).Is(HttpStatusCode.Found);
    }

    private async Task<string> Slug(string url, string fallback, DateTimeOffset? end) =>
        (
            await yard.Admin.Shorten(
                new
                {
                    url = $"{url}?{Guid.NewGuid():N}",
                    fallback_url = fallback,
                    expires_at = end,
                }
            )
        ).Text("slug");
}
