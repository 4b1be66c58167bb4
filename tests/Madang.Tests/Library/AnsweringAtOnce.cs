using System.Net;
using Madang.Foundation.Accounts;
using Madang.Foundation.Caching;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Http;

namespace Madang.Tests.Library;

/// <summary>
/// Lists that are answered before the way of other requests begins: alike in every header, and to nobody whom that way would have refused.
/// </summary>
public sealed class AnsweringAtOnce(AnsweringAtOnce.FilledYard yard, PostgresServer postgres)
    : IClassFixture<AnsweringAtOnce.FilledYard>
{
    private const string Path = "/api/v1/books";
    private const string Query = "?page_size=500";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly Person me = yard.Admin;

    [Theory]
    [InlineData]
    [InlineData("Accept-Encoding: br")]
    [InlineData("Accept-Encoding: gzip")]
    [InlineData("Accept-Encoding: zstd")]
    [InlineData("Accept-Language: ko", "User-Agent: curl", "Cookie: madang=nonsense")]
    [InlineData("If-None-Match: $")]
    [InlineData("If-None-Match: $", "Accept-Encoding: br")]
    [InlineData("If-None-Match: $.br", "Accept-Encoding: gzip, br")]
    [InlineData("If-None-Match: $.br")]
    [InlineData("If-None-Match: W/$", "Accept-Encoding: br")]
    [InlineData("If-None-Match: *")]
    [InlineData("If-None-Match: \"another\", $")]
    [InlineData("If-None-Match: \"another\"")]
    public async Task It_is_the_answer_that_comes_the_long_way(params string[] headers)
    {
        using var first = await me.Client.Send(HttpMethod.Get, Path + Query, null, ("Accept-Encoding", "br"));
        var tag = first.Headers.ETag!.Tag.Replace(".br", "", StringComparison.Ordinal);
        var given = headers
            .Select(header => header.Split(": "))
            .Select(parts =>
                (
                    parts[0],
                    parts[1]
                        .Replace("$.br", $"{tag[..^1]}.br\"", StringComparison.Ordinal)
                        .Replace("$", tag, StringComparison.Ordinal)
                )
            )
            .ToArray();
        // Whoever says where he comes from goes the long way.
        var usual = await Described([.. given, ("Origin", yard.Url)]);
        Assert.Equal(usual, await Described(given));
    }

    [Fact]
    public async Task Only_what_is_known_in_all_is_answered_so()
    {
        await Knows(me);
        Assert.False(IsAnswered(Asked(method: "HEAD")));
        Assert.False(IsAnswered(Asked(method: "POST")));
        Assert.False(IsAnswered(Asked(query: "?page_size=499")));
        Assert.False(IsAnswered(Asked(path: "/api/v1/Books")));
        Assert.False(IsAnswered(Asked(host: "other.example")));
        Assert.False(IsAnswered(Asked(authorization: "")));
        Assert.False(IsAnswered(Asked(authorization: "Bearer nonsense")));
        Assert.False(IsAnswered(Asked(authorization: $"Basic {me.AccessToken}")));
        Assert.False(IsAnswered(Asked(authorization: $"Bearer {me.AccessToken}x")));

        await me.AddBook(LibraryCalls.NewBook());
        Assert.False(IsAnswered(Asked()));
        await Knows(me);
    }

    [Fact]
    public async Task Who_may_not_read_any_more_is_refused_at_once()
    {
        // Its clock is put forward.
        await using var own = await NewYards.OnSqlite.Start("--SignIn:AllowSignUp=true");
        var (admin, other) = (await own.SignUp(), await own.SignUp());
        bool IsAnsweredToo() => IsAnswered(Asked(of: own, authorization: $"Bearer {other.AccessToken}"), own);
        await Knows(other, own);
        await Disable(true);
        Assert.False(IsAnsweredToo());
        await other.Client.GetAsync(Path + Query, Stop).Is(HttpStatusCode.Unauthorized);
        // That he may not is known by now.
        Assert.False(IsAnsweredToo());
        await Disable(false);
        await Knows(other, own);

        own.Clock.Advance(AccessTokens.Lifetime);
        Assert.False(IsAnsweredToo());
        await other.Client.GetAsync(Path + Query, Stop).Is(HttpStatusCode.Unauthorized);

        Task Disable(bool disabled) =>
            admin.Client.Send(HttpMethod.Patch, $"/api/v1/users/{other.Id}", new { disabled }).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_is_deleted_or_signs_with_another_key_or_has_another_kind_of_token_is_not_answered_so()
    {
        await using var own = await NewYards.OnPostgres(postgres).Start("--SignIn:AllowSignUp=true");
        var (admin, other) = (await own.SignUp(), await own.SignUp());
        var token = (
            await (
                await admin.Client.Send(
                    HttpMethod.Post,
                    "/api/v1/users/me/tokens",
                    new { name = "책", scopes = new[] { "library:read" } }
                )
            ).Json(HttpStatusCode.Created)
        ).Text("token")!;
        await own
            .Anonymous.Send(HttpMethod.Get, Path + Query, null, ("Authorization", $"Bearer {token}"))
            .Is(HttpStatusCode.OK);
        Assert.False(IsAnswered(Asked(of: own, authorization: $"Bearer {token}"), own));

        await Knows(other, own);
        await other.Client.Send(HttpMethod.Delete, "/api/v1/users/me").Is(HttpStatusCode.NoContent);
        Assert.False(IsAnswered(Asked(of: own, authorization: $"Bearer {other.AccessToken}"), own));
        await other.Client.GetAsync(Path + Query, Stop).Is(HttpStatusCode.Unauthorized);

        await Knows(admin, own);
        await own.Database.Write(sql => sql.Execute("DELETE FROM signing_keys"), Stop);
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await Probe.Until(async () =>
            (await admin.Client.GetAsync(Path + Query, Stop)).StatusCode == HttpStatusCode.Unauthorized
        );
        Assert.False(IsAnswered(Asked(of: own, authorization: $"Bearer {admin.AccessToken}"), own));
    }

    [Fact]
    public async Task An_answer_is_counted_once_whichever_way_it_goes()
    {
        await Knows(me);
        var before = await Hits();
        using var atOnce = await me.Client.GetAsync(Path + Query, Stop);
        using var theLongWay = await me.Client.Send(HttpMethod.Get, Path + Query, null, ("If-None-Match", "*"));
        Assert.Equal(2, await Hits() - before);

        async Task<double> Hits() =>
            (await yard.Anonymous.GetStringAsync("/metrics", Stop))
                .Split('\n')
                .Where(line => line.StartsWith("madang_cache_hits_total{level=\"memory\"}", StringComparison.Ordinal))
                .Sum(line => double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_so()
    {
        await using var limited = await NewYards.OnSqlite.Start("--SignIn:AllowSignUp=true");
        var person = await limited.SignUp();
        var answered = 0;
        var status = HttpStatusCode.OK;
        while (status == HttpStatusCode.OK)
        {
            if (IsAnswered(Asked(of: limited, authorization: $"Bearer {person.AccessToken}"), limited))
            {
                answered++;
            }
            else
            {
                using var usual = await person.Client.GetAsync(Path + Query, Stop);
                status = usual.StatusCode;
            }
            Assert.InRange(answered, 0, 1_000_000);
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.True(answered > 100, $"Only {answered} were answered at once.");
    }

    /// <summary>What is relied on lasts for a second or two: on a busy machine it may be over before it is looked at.</summary>
    private Task Knows(Person person, Yard? of = null) =>
        Probe.Until(async () =>
        {
            await person.Client.GetAsync(Path + Query, Stop).Is(HttpStatusCode.OK);
            return IsAnswered(Asked(of: of, authorization: $"Bearer {person.AccessToken}"), of);
        });

    private bool IsAnswered(HttpContext http, Yard? of = null) =>
        (of ?? yard).Get<AnswersAtOnce>().Answer(http) is not null;

    private DefaultHttpContext Asked(
        string method = "GET",
        string path = Path,
        string query = Query,
        string? host = null,
        string? authorization = null,
        Yard? of = null
    )
    {
        var asked = of ?? yard;
        var http = new DefaultHttpContext { RequestServices = asked.Server.App.Services };
        http.Request.Method = method;
        http.Request.Scheme = "http";
        http.Request.Host = new(host ?? new Uri(asked.Url).Authority);
        http.Request.Path = path;
        http.Request.QueryString = new(query);
        http.Request.Headers.Authorization = authorization ?? $"Bearer {me.AccessToken}";
        return http;
    }

    private async Task<string> Described((string, string)[] headers)
    {
        using var answer = await me.Client.Send(HttpMethod.Get, Path + Query, null, headers);
        var all = answer.Headers.Concat(answer.Content.Headers).Where(one => one.Key != "Date");
        return $"{answer.StatusCode}\n"
            + string.Join('\n', all.Select(one => $"{one.Key}: {string.Join(", ", one.Value)}").Order())
            + $"\n{Convert.ToBase64String(await answer.Content.ReadAsByteArrayAsync(Stop))}";
    }

    /// <summary>With enough books for an answer that is worth compressing.</summary>
    public sealed class FilledYard : SqliteYard
    {
        protected override async Task Settle()
        {
            await base.Settle();
            for (var i = 0; i < 10; i++)
            {
                await Admin.AddBook(LibraryCalls.NewBook($"가을 산책 {i}"));
            }
        }
    }
}
