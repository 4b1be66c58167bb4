using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using FsCheck;
using FsCheck.Fluent;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class OddLinksThereAndBackOnSqlite(SqliteYard yard, MovedToSqlite other)
    : OddLinksThereAndBack(yard, other),
        IClassFixture<SqliteYard>,
        IClassFixture<MovedToSqlite>;

public sealed class OddLinksThereAndBackOnPostgres(PostgresYard yard, MovedToSqlite other)
    : OddLinksThereAndBack(yard, other),
        IClassFixture<PostgresYard>,
        IClassFixture<MovedToSqlite>;

/// <summary>What a link may have at all comes back from our own export as it was.</summary>
public abstract class OddLinksThereAndBack(Yard yard, Yard other)
{
    private const int Count = 40;

    private static readonly string[] Parts =
    [
        "가을",
        "e\u0301",
        "😀",
        "\uFFFD",
        "=1+1",
        "'",
        "\"",
        ",",
        ";",
        "|",
        "\\",
        "\t",
        "\n",
        "\r\n",
        "\u2028",
        " ",
        "-",
        "0",
        "false",
        "<b>",
    ];

    /// <summary>To the microsecond, as links have them.</summary>
    private static readonly long[] Edges =
    [
        DateTimeOffset.MinValue.UtcTicks,
        DateTimeOffset.UnixEpoch.UtcTicks - 10,
        DateTimeOffset.UnixEpoch.UtcTicks,
        new DateTime(2999, 12, 31, 23, 59, 59, DateTimeKind.Utc).Ticks,
        DateTimeOffset.MaxValue.UtcTicks - 9,
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Gen<string?> Texts =>
        Gen.OneOf(
            Gen.Constant<string?>(null),
            Gen.Elements(Parts).ListOf(6).Select(parts => (string?)string.Concat(parts))
        );

    private static Gen<long> Ticks =>
        Gen.OneOf(Gen.Elements(Edges), Gen.Choose(0, int.MaxValue).Select(part => part * 1_469_000_000L / 10 * 10));

    private static Gen<Dictionary<string, object?>> OddLinks =>
        from number in Gen.Choose(0, int.MaxValue)
        from title in Gen.OneOf(Texts, Gen.Constant<string?>("url"))
        from notes in Texts
        from tags in Texts.ListOf(3)
        from times in Gen.Two(Gen.OneOf(Gen.Constant<long?>(null), Ticks.Select(at => (long?)at)))
        from limit in Gen.Elements<long?>(null, 1, 2_000_000_000_000, long.MaxValue)
        from status in Gen.Elements(301, 302, 307, 308)
        from isTeam in Gen.Elements(true, false)
        let url = $"https://example.com/{number}?가,\"'"
        let isEarlier = times.Item1 < times.Item2
        select new Dictionary<string, object?>
        {
            ["url"] = url,
            ["title"] = title == "url" ? url : title,
            ["notes"] = notes,
            ["tags"] = tags.Where(tag => !string.IsNullOrWhiteSpace(tag)).ToArray(),
            ["starts_at"] = Text(times.Item1),
            ["expires_at"] = isEarlier || times.Item1 is null ? Text(times.Item2) : null,
            ["max_visits"] = limit,
            ["redirect_status"] = status,
            ["forward_query"] = number % 2 == 0,
            ["fallback_url"] = number % 3 == 0 ? url : null,
            ["visibility"] = isTeam ? "team" : "private",
        };

    [Fact]
    public async Task Whatever_a_link_may_have_comes_back_equal()
    {
        var me = await yard.SignUp();
        var archived = Ticks.Sample(Count).ToArray();
        var number = 0;
        foreach (var link in OddLinks.Sample(Count))
        {
            var slug = (await me.Shorten(link)).Text("slug");
            if (++number % 2 == 0)
            {
                await me
                    .Client.PatchAsJsonAsync(
                        $"/api/v1/links/{slug}",
                        new { archived_at = Text(archived[number - 1]) },
                        Stop
                    )
                    .Is(HttpStatusCode.OK);
            }
        }
        await All(me);
    }

    [Theory]
    [InlineData("title", "https://example.com/")]
    [InlineData("title", "what could not be read: \uFFFD")]
    [InlineData("starts_at", "0001-01-01T00:00:00Z")]
    [InlineData("starts_at", "1970-01-01T00:00:00Z")]
    [InlineData("expires_at", "9999-12-31T00:00:00Z")]
    [InlineData("max_visits", long.MaxValue)]
    public async Task A_usual_way_to_say_always_or_never_comes_back(string field, object value)
    {
        var me = await yard.SignUp();
        await me.Shorten(new Dictionary<string, object?> { ["url"] = "https://example.com/", [field] = value });
        await All(me);
    }

    [Fact]
    public async Task The_form_of_a_link_from_the_first_day_to_the_last_leaves_both()
    {
        var me = await yard.SignUp();
        await me
            .Client.Send(HttpMethod.Patch, "/api/v1/users/me", new { time_zone = "Asia/Seoul" })
            .Is(HttpStatusCode.OK);
        var browser = await new Browser(yard).SignIn(me);
        var slug = (
            await me.Shorten(
                new
                {
                    url = "https://example.com/",
                    starts_at = "0001-01-01T00:00:00Z",
                    expires_at = "9999-12-31T23:59:59Z",
                }
            )
        ).Text("slug");
        await browser.Send(HttpMethod.Get, $"/links/{slug}").Is(HttpStatusCode.OK);
        var path = $"/links/{slug}/edit";
        var html = await (await browser.Send(HttpMethod.Get, path)).Content.ReadAsStringAsync(Stop);
        (string, string)[] shown =
        [
            .. from field in new[] { "starts_at", "expires_at" }
            let start = html.IndexOf($"name=\"{field}\"", StringComparison.Ordinal)
            let value = html.IndexOf("value=\"", start, StringComparison.Ordinal) + "value=\"".Length
            select (field, html[value..html.IndexOf('"', value)]),
        ];
        await browser.Post(path, path, [("url", "https://example.com/"), .. shown]).Is(HttpStatusCode.SeeOther);

        var link = await me.Link(slug);
        Assert.Equal("0001-01-01T00:00:00Z", link.Text("starts_at"));
        Assert.Equal("9999-12-31T23:59:59Z", link.Text("expires_at"));
    }

    private async Task All(Person me)
    {
        var all = await me.AllLinks();
        Assert.NotEmpty(all);
        foreach (var format in new[] { "csv", "json" })
        {
            var person = await other.SignUp();
            var import = await person.ImportLinks(await me.ExportLinks($"format={format}"), "from=madang");
            Assert.Equal($"done {all.Length}: {all.Length} 0 0 0", import.LinkCounts());
            Assert.Equal(all, await person.AllLinks());
            // So that the same slugs are free again: they never are, their rows change.
            await other.Database.Write(
                sql =>
                    sql.Execute(
                        "UPDATE links SET slug = slug || '-' || id, url = '', deleted_at = @Now WHERE owner_id = @Id",
                        new { person.Id, sql.Now }
                    ),
                Stop
            );
        }
    }

    private static string? Text(long? ticks) =>
        ticks is { } at
            ? new DateTime(at, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffK", CultureInfo.InvariantCulture)
            : null;
}
