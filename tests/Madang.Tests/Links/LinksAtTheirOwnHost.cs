using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class PlainDomainYard : SqliteYard
{
    protected override string[] Settings => [.. base.Settings, "--Links:Domain=go.example"];
}

public sealed class DomainWithPortYard : SqliteYard
{
    protected override string[] Settings => [.. base.Settings, "--Links:Domain=go.example:8443"];
}

public sealed class LinksAtTheirOwnHost(PlainDomainYard yard)
    : LinksAtAHost(yard, "go.example", "https://go.example/a", "https://go.example:8443/a"),
        IClassFixture<PlainDomainYard>;

public sealed class LinksAtTheirOwnHostAndPort(DomainWithPortYard yard)
    : LinksAtAHost(yard, "go.example:8443", "https://GO.example:8443/a", "https://go.example:9443/a"),
        IClassFixture<DomainWithPortYard>;

/// <summary>Short links that have a host to themselves, as <c>Links:Domain</c> says.</summary>
public abstract class LinksAtAHost(Yard yard, string domain, string own, string other)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_made_and_followed_there_alone_and_lead_to_no_other_of_them()
    {
        var link = await yard.Admin.Shorten(new { url = other });
        var slug = link.Text("slug");
        Assert.EndsWith($"://{domain}/{slug}", link.Text("short_url"), StringComparison.Ordinal);
        foreach (var url in new[] { own, own.Replace("example", "example.", StringComparison.Ordinal) })
        {
            await yard.Admin.Client.PostAsJsonAsync("/api/v1/links", new { url }, Stop).IsBad("url");
            Assert.Equal(["1 refused own_url"], (await yard.Admin.ImportLinks(url, "from=csv")).Lines());
        }

        // No short link answers at the yard's own address: there it may lead.
        await yard
            .Admin.Client.PostAsJsonAsync("/api/v1/links", new { url = $"{yard.Url}/memos/5" }, Stop)
            .Is(HttpStatusCode.Created);
        // Twice: the second time it is in memory.
        for (var time = 0; time < 2; time++)
        {
            await yard.Anonymous.Follow(slug, ("Host", domain)).Is(HttpStatusCode.PermanentRedirect);
            await yard.Anonymous.Follow(slug).Is(HttpStatusCode.NotFound);
        }
        using var elsewhere = await yard.Admin.Client.PostAsJsonAsync("/", new { url = "https://example.com/" }, Stop);
        Assert.False(elsewhere.IsSuccessStatusCode);
        using var there = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = JsonContent.Create(new { url = "https://example.com/" }),
            Headers = { Host = domain },
        };
        await yard.Admin.Client.SendAsync(there, Stop).Is(HttpStatusCode.Created);
    }
}
