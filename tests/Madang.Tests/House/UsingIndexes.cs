using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Madang.Foundation.Http;
using Madang.Library.Covers;
using Madang.Library.Moving;
using Madang.Library.Telling;
using Madang.Links.Counting;
using Madang.Links.Leaving;
using Madang.Links.Moving;
using Madang.Memos.Leaving;
using Madang.Memos.Pictures;
using Madang.Tests.Library;
using Madang.Tests.Links;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Routing;

namespace Madang.Tests.House;

public sealed partial class UsingIndexesOnSqlite(SqliteYard yard) : UsingIndexes(yard), IClassFixture<SqliteYard>
{
    protected override bool IsPoor(string step, string text) =>
        (IsScan(step) && !Short.Contains(step.Split(' ')[1]) && !InItsOrder().IsMatch(text))
        || (step.StartsWith("USE TEMP B-TREE", StringComparison.Ordinal) && IsPlain(text));

    private static bool IsScan(string step) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal) && !step.Contains(" INDEX ", StringComparison.Ordinal);

    protected override Task<List<string>> Plan(string text, object? values) =>
        Yard.Database.Read(
            async sql =>
                (await sql.Query<SqliteStep>($"EXPLAIN QUERY PLAN {text}", values)).ConvertAll(step => step.Detail),
            Stop
        );

    /// <summary>The table is kept in this order: a page of all its rows reads no others but those before it.</summary>
    [GeneratedRegex(@"FROM \w+ ORDER BY id( DESC)? LIMIT")]
    private static partial Regex InItsOrder();

    private sealed record SqliteStep
    {
        public required string Detail { get; init; }
    }
}

public sealed partial class UsingIndexesOnPostgres(PostgresYard yard) : UsingIndexes(yard), IClassFixture<PostgresYard>
{
    protected override bool IsPoor(string step, string text) =>
        (ScanStep().Match(step) is { Success: true } scan && !Short.Contains(scan.Groups[1].Value))
        || (SortStep().IsMatch(step) && IsPlain(text));

    /// <summary>Tables of tests are small enough for a scan to be best: what counts is whether there is another way.</summary>
    protected override Task<List<string>> Plan(string text, object? values) =>
        Yard.Database.Write(
            async sql =>
            {
                await sql.Execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off");
                return await sql.Query<string>($"EXPLAIN {text}", values);
            },
            Stop
        );

    [GeneratedRegex(@"Seq Scan on (\w+)")]
    private static partial Regex ScanStep();

    /// <summary>An incremental sort goes by an index, and sorts only what is equal there.</summary>
    [GeneratedRegex(@"^\s*(->\s+)?Sort  \(")]
    private static partial Regex SortStep();
}

/// <summary>Every list is served by an index, on both databases: what the lists ask is taken down while they are called over HTTP.</summary>
public abstract partial class UsingIndexes(Yard yard)
{
    /// <summary>
    /// Those that list people's accounts and invitations are as short as the team, and counted as a whole; home's two parts are a few
    /// rows of an index each; the cache reads the versions of all its tags, a few for each room.
    /// What the shelf's tags are used for is counted once for each change of books, out of the cache.
    /// </summary>
    protected static string[] Short => ["users", "invitations", "pinned", "others", "cache_tags", "used"];

    protected Yard Yard => yard;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_list_query_is_served_by_an_index()
    {
        // The few signing keys are read again every five seconds: what is looked at here are lists.
        yard.Clock.Stand();
        var seen = new Dictionary<string, object?>();
        var urls = await Urls();
        await yard.Get<VisitCounter>().Write(Stop);
        yard.Database.Watcher = (text, values) =>
        {
            lock (seen)
            {
                seen.TryAdd(text, values);
            }
        };
        foreach (var url in urls)
        {
            using var answer = await yard.Admin.Client.GetAsync(url, Stop);
            Assert.True(answer.IsSuccessStatusCode, $"{url}: {(int)answer.StatusCode}");
        }
        await yard.Get<MemoPurge>().EmptyTrash(Stop);
        await yard.Get<PictureHousework>().Tidy(Stop);
        await yard.Get<MemoPurge>().RemoveSamplesOf(yard.Admin.Id, Stop);
        await yard.Get<MemoPurge>().RemoveAllOf(yard.Admin.Id, Stop);
        await yard.Get<LinkHousework>().Tidy(Stop);
        await yard.Get<CoverHousework>().Tidy(Stop);
        await yard.Get<LinkImportFiles>().Tidy(Stop);
        await yard.Get<BookImportFiles>().Tidy(Stop);
        await yard.Get<BookImportFiles>().ForgetAllOf(yard.Admin.Id, Stop);
        await yard.Get<LoanReminders>().Tidy(Stop);
        yard.Database.Watcher = null;

        var poor = new List<string>();
        var lists = seen.Where(statement => List().IsMatch(statement.Key)).ToList();
        foreach (var (text, values) in lists)
        {
            var plan = await Plan(text, values);
            poor.AddRange(plan.Where(step => IsPoor(step, text)).Select(step => $"{step}\nof\n{text}"));
        }
        Assert.True(poor.Count == 0, string.Join("\n\n", poor));
        Assert.Contains(lists, list => list.Key.Contains("memo_grams", StringComparison.Ordinal));
        Assert.True(lists.Count > 30, $"Only {lists.Count} lists were seen.");
    }

    protected abstract Task<List<string>> Plan(string text, object? values);

    protected abstract bool IsPoor(string step, string text);

    /// <summary>Search finds its candidates by their pairs, and tags are counted: what they find is few, and sorted.</summary>
    protected static bool IsPlain(string text) =>
        !text.Contains("memo_grams", StringComparison.Ordinal)
        && !text.Contains("link_grams", StringComparison.Ordinal)
        && !text.Contains("book_grams", StringComparison.Ordinal)
        && !text.Contains("GROUP BY", StringComparison.Ordinal);

    /// <summary>Every route that is read by GET, with the ids of things that exist, and the memo lists in all their kinds.</summary>
    private async Task<List<string>> Urls()
    {
        var written = await yard.Admin.Client.PostAsJsonAsync(
            "/api/v1/memos",
            new { text = "답사 #가을", visibility = "team" },
            Stop
        );
        var memo = (await written.Json(System.Net.HttpStatusCode.Created)).GetProperty("id").GetInt64();
        await yard.Admin.Client.PatchAsJsonAsync($"/api/v1/memos/{memo}", new { text = "답사 둘 #가을" }, Stop);
        var slug = await yard.Admin.Slug();
        var ids = await Library();
        ids["users"] = yard.Admin.Id;
        await yard.Admin.Shorten(new { url = "https://example.com/", tags = new[] { "가을" } });
        var routes = ((IEndpointRouteBuilder)yard.Server.App)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(route => "/" + route.RoutePattern.RawText!.Trim('/'))
            .Where(path => path.StartsWith("/api/", StringComparison.Ordinal) || !path.Contains('{'))
            .Where(path =>
                path.StartsWith("/api/", StringComparison.Ordinal)
                || path.StartsWith("/memo", StringComparison.Ordinal)
                || path.StartsWith("/links", StringComparison.Ordinal)
                || path.StartsWith("/library", StringComparison.Ordinal)
                || path == "/"
            )
            .Select(path => path.Replace("{slug}", slug, StringComparison.Ordinal))
            .Where(path => !path.EndsWith("/me/export", StringComparison.Ordinal))
            .Where(path => !path.Contains("/imports/", StringComparison.Ordinal))
            .Select(path => Id().Replace(path, found => $"{IdFor(path[..found.Index])}"));
        long IdFor(string before) => ids.GetValueOrDefault(before.Trim('/').Split('/')[^1], memo);
        string[] links = ["", "?q=답사", "?tag=가을", "?q=답사&tag=가을", "?archived=true", "?archived=true&q=답사"];
        var ordered =
            from scope in new[] { "", "&scope=mine", "&scope=team" }
            from sort in new[] { "&sort=newest", "&sort=oldest", "&sort=visits" }
            from archived in new[] { "", "&archived=true" }
            select $"/api/v1/links?page=1{scope}{sort}{archived}";
        var colour = ids["tags"];
        var books =
            from sought in new[] { "", "&title=가을", "&author=하늘", "&title=ㄱㅇ", "&title=가을&author=ㄱㅎ" }
            from tagged in new[] { "", $"&tag={colour}", $"&tag={colour}&tag={colour + 1}&tag_option=or" }
            from order in new[] { "", "title", "-title", "published_at", "-published_at" }
            select $"/api/v1/books?page=1{sought}{tagged}{(order.Length == 0 ? "" : $"&order_by={order}")}";
        var ahead = new Cursor(DateTimeOffset.UtcNow, 1000, false);
        string[] cursors = ["", $"&cursor={ahead}", $"&cursor={ahead with { IsBackward = true }}"];
        var lists =
            from scope in new[] { "mine", "team" }
            from q in new[] { "", "&q=답사" }
            from tag in new[] { "", "&tag=가을" }
            from archived in new[] { "", "&archived=true" }
            from pinned in new[] { "", "&pinned=true", "&pinned=false" }
            from cursor in cursors
            select $"/api/v1/memos?scope={scope}{q}{tag}{archived}{pinned}{cursor}";
        return
        [
            .. routes,
            .. lists,
            .. links.Select(query => $"/api/v1/links{query}"),
            .. ordered,
            .. books,
            .. new[] { "가을", "ㄱㅇ", "ㄱㅎ&order_by=title", $"가을&tag={colour}" }.Select(sought =>
                $"/library?q={sought}"
            ),
            $"/api/v1/books/imports/{ids["imports"]}/lines",
            $"/library/books/{ids["books"]}",
            $"/library/books/{ids["books"]}/edit",
            $"/links/{slug}",
            $"/links/{slug}/edit",
            $"/{slug}+",
            $"/api/v1/links/{slug}/stats?bucket=hour&tz=Asia/Kolkata",
            .. cursors.Select(cursor => $"/api/v1/memos/{memo}/history?page_size=20{cursor}"),
            .. cursors.Select(cursor => $"/memos/trash?page_size=20{cursor}"),
            .. cursors.Select(cursor => $"/memos?day=2026-11-21{cursor}"),
            .. cursors.Select(cursor => $"/api/v1/users/me/sign-ins?page_size=20{cursor}"),
            .. cursors.Select(cursor => $"/api/v1/sign-ins?page_size=20{cursor}"),
            .. cursors.Select(cursor => $"/api/v1/sign-ins?user_id={yard.Admin.Id}{cursor}"),
        ];
    }

    /// <returns>The ids of a book that somebody has and somebody waits for, of its tag, its loan and its hold.</returns>
    private async Task<Dictionary<string, long>> Library()
    {
        var tag = await yard.Admin.AddTag("가을");
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook("가을 산책", 1, tag))).Number("book_id");
        var loan = await (await yard.Admin.Borrow(book, 1)).Json(System.Net.HttpStatusCode.Created);
        var other = (await yard.Admin.AddBook(LibraryCalls.NewBook(stock: 0))).Number("book_id");
        var hold = await (await yard.Admin.Hold(other)).Json(System.Net.HttpStatusCode.Created);
        return new()
        {
            ["books"] = book,
            ["book"] = book,
            ["tags"] = tag,
            ["loans"] = loan.Number("loan_id"),
            ["holds"] = hold.Number("hold_id"),
            ["imports"] = (await yard.Admin.ImportBooks("title,author,isbn\n,,\n")).Number("id"),
        };
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\s*SELECT[\s\S]*\b(ORDER BY|LIMIT|count\()")]
    private static partial Regex List();
}
