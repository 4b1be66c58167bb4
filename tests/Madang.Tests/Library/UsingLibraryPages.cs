using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

[Collection(nameof(SharedSqliteYard))]
public sealed class UsingLibraryPagesOnSqlite(SqliteYard yard) : UsingLibraryPages(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class UsingLibraryPagesOnPostgres(PostgresYard yard) : UsingLibraryPages(yard);

/// <summary>The shelf through its filters, and books that several change.</summary>
public abstract partial class UsingLibraryPages(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_field_finds_titles_and_authors_and_keeps_the_other_filters()
    {
        var mark = $"{Guid.NewGuid():N}"[..8];
        var (one, two) = (await yard.Admin.AddTag($"가 {mark}"), await yard.Admin.AddTag($"나 {mark}"));
        var titled = await Add($"{mark} 이야기", "아무개", one, two);
        var written = await Add("코스모스", $"칼 {mark}", one);
        var neither = await Add("다른 책", "아무개", two);
        var browser = await Somebody(await yard.SignUp());

        Assert.Equal([written, titled], await Shown(browser, $"q={mark.ToUpperInvariant()}"));
        Assert.Equal([titled], await Shown(browser, $"q={mark}&tag={one}&tag={two}"));
        Assert.Equal([written, titled], await Shown(browser, $"q={mark}&tag={one}&tag={two}&tag_option=or"));
        Assert.Equal([titled, neither], Sorted(await Shown(browser, $"tag={two}")));
        Assert.Equal([titled, written], await Shown(browser, $"q={mark}&order_by=title&view=list"));
        Assert.Empty(await Shown(browser, $"q={mark}x"));
        Assert.Empty(await Shown(browser, $"q={mark}&page=7"));

        var html = await Html(browser, $"/library?q={mark}&tag={one}&order_by=title&view=list");
        foreach (var (name, value) in new[] { ("tag", $"{one}"), ("order_by", "title"), ("view", "list") })
        {
            Assert.Contains(
                $"<input type=\"hidden\" name=\"{name}\" value=\"{value}\"",
                html,
                StringComparison.Ordinal
            );
        }
        foreach (var bad in new[] { "tag=x", "order_by=stock", "view=wall", "tag_option=xor", "page=0" })
        {
            await browser.Send(HttpMethod.Get, $"/library?{bad}").Is(HttpStatusCode.BadRequest);
        }
        using var found = await browser.Send(HttpMethod.Get, $"/api/v1/go?q={mark}");
        var things = (await found.Json(HttpStatusCode.OK)).GetProperty("found").EnumerateArray();
        Assert.Equal(
            [$"/library/books/{written}", $"/library/books/{titled}"],
            things
                .Select(thing => thing.Text("path")!)
                .Where(path => path.StartsWith("/library", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Initial_consonants_find_titles_and_authors()
    {
        var titled = await Add("쾌청한 콧노래", "아무개");
        var written = await Add("다른 책", "쾅쿵키");
        var browser = await Somebody(await yard.SignUp());
        Assert.Equal([titled], Sorted(await Shown(browser, "q=ㅋㅊㅎㅋㄴㄹ")));
        Assert.Equal([written], Sorted(await Shown(browser, "q=ㅋㅋㅋ")));
    }

    [Fact]
    public async Task A_form_that_was_open_meanwhile_does_not_write_over_anothers_change_unseen()
    {
        var id = await Add("가을 산책", "김하늘");
        var browser = await Somebody(yard.Admin);
        var path = $"/library/books/{id}/edit";
        var open = await Html(browser, path);
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{id}", new { publisher = "마당" })
            .Is(HttpStatusCode.OK);

        using var refused = await Save(browser, id, open, title: "내가 고친 제목");
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        var again = await refused.Content.ReadAsStringAsync(Stop);
        Assert.Contains("그사이 다른 사람이 이 책을 고쳤어요.", again, StringComparison.Ordinal);
        Assert.Contains("value=\"내가 고친 제목\"", again, StringComparison.Ordinal);
        Assert.Equal("마당", (await Book(id)).Text("publisher"));
        await Save(browser, id, again, title: "내가 고친 제목").Is(HttpStatusCode.SeeOther);
        Assert.Equal("내가 고친 제목", (await Book(id)).Text("title"));
    }

    [Fact]
    public async Task What_is_lent_while_a_form_is_open_is_no_change_of_the_book_but_of_the_stock_that_is_typed()
    {
        var id = await Add("빌려 가는 책", "김하늘");
        var browser = await Somebody(yard.Admin);
        var open = await Html(browser, $"/library/books/{id}/edit");
        await (await yard.SignUp()).Borrow(id, 1).Is(HttpStatusCode.Created);

        await Save(browser, id, open, title: "새 제목").Is(HttpStatusCode.SeeOther);
        Assert.Equal(("새 제목", 2), ((await Book(id)).Text("title"), (await Book(id)).Number("stock")));

        open = await Html(browser, $"/library/books/{id}/edit");
        await (await yard.SignUp()).Borrow(id, 1).Is(HttpStatusCode.Created);
        using var late = await Save(browser, id, open, title: "또 다른 제목", stock: "7");
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal(1, (await Book(id)).Number("stock"));
        var again = await late.Content.ReadAsStringAsync(Stop);
        await Save(browser, id, again, title: "또 다른 제목", stock: "6").Is(HttpStatusCode.SeeOther);
        Assert.Equal(6, (await Book(id)).Number("stock"));

        // Somebody renamed it and somebody borrowed it: whoever left the stock alone sets none.
        open = await Html(browser, $"/library/books/{id}/edit");
        await (await yard.SignUp()).Borrow(id, 2).Is(HttpStatusCode.Created);
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{id}", new { publisher = "마당" })
            .Is(HttpStatusCode.OK);
        using var both = await Save(browser, id, open, title: "끝 제목");
        Assert.Equal(HttpStatusCode.PreconditionFailed, both.StatusCode);
        await Save(browser, id, await both.Content.ReadAsStringAsync(Stop), title: "끝 제목")
            .Is(HttpStatusCode.SeeOther);
        Assert.Equal(4, (await Book(id)).Number("stock"));
    }

    [Fact]
    public async Task Members_look_and_make_tags_and_change_no_books()
    {
        var id = await Add("가을 산책", "김하늘");
        var tag = await yard.Admin.AddTag($"태그 {Guid.NewGuid():N}");
        var member = await Somebody(await yard.SignUp());
        Assert.DoesNotContain("/library/books/new", await Html(member, "/library"), StringComparison.Ordinal);
        Assert.DoesNotContain("/edit", await Html(member, $"/library/books/{id}"), StringComparison.Ordinal);
        foreach (var path in new[] { "/library/books/new", $"/library/books/{id}/edit", $"/library/tags/{tag}" })
        {
            await member.Send(HttpMethod.Get, path).Is(HttpStatusCode.Forbidden);
        }
        var (name, value) = ("title", "남의 제목");
        foreach (
            var path in new[]
            {
                "books",
                $"books/{id}/edit",
                $"books/{id}/delete",
                $"books/{id}/cover",
                $"books/{id}/cover/delete",
                $"tags/{tag}",
                $"tags/{tag}/delete",
            }
        )
        {
            await member.Post("/library/tags", $"/library/{path}", (name, value)).Is(HttpStatusCode.Forbidden);
        }
        await member
            .Post("/library/tags", "/library/tags", ("name", $"{Guid.NewGuid():N}"))
            .Is(HttpStatusCode.SeeOther);
        await member.Send(HttpMethod.Get, "/library/books/987654321").Is(HttpStatusCode.NotFound);
        await new Browser(yard).Send(HttpMethod.Get, "/library").Is(HttpStatusCode.Found);
    }

    /// <summary>Posts the form that a page shows, but for what is typed anew.</summary>
    private static Task<HttpResponseMessage> Save(
        Browser browser,
        long id,
        string html,
        string title,
        string? stock = null
    )
    {
        string Value(string name) =>
            WebUtility.HtmlDecode(Regex.Match(html, $"name=\"{name}\"[^>]* value=\"([^\"]*)\"").Groups[1].Value);
        return browser.Post(
            "/library/tags",
            $"/library/books/{id}/edit",
            ("etag", Value("etag")),
            ("stock_shown", Value("stock_shown")),
            ("title", title),
            ("author", Value("author")),
            ("isbn", Value("isbn")),
            ("published_at", Value("published_at")),
            ("stock", stock ?? Value("stock"))
        );
    }

    private async Task<long> Add(string title, string author, params long[] tags) =>
        (
            await yard.Admin.AddBook(
                new
                {
                    title,
                    author,
                    isbn = LibraryCalls.NewIsbn(),
                    stock = 3,
                    published_at = "2024-10-01",
                    tags,
                }
            )
        ).Number("book_id");

    private async Task<System.Text.Json.JsonElement> Book(long id) =>
        await (await yard.Admin.Client.GetAsync($"/api/v1/books/{id}", Stop)).Json(HttpStatusCode.OK);

    private async Task<Browser> Somebody(Person person) => await new Browser(yard).SignIn(person);

    private static async Task<string> Html(Browser browser, string path)
    {
        using var answer = await browser.Send(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    /// <returns>The books of the shelf, in its order.</returns>
    private static async Task<long[]> Shown(Browser browser, string query)
    {
        var html = await Html(browser, $"/library?{query}");
        return
        [
            .. Shelved()
                .Matches(html)
                .Select(match => long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)),
        ];
    }

    private static long[] Sorted(long[] ids) => [.. ids.Order()];

    [GeneratedRegex("class=\"book\" href=\"/library/books/([0-9]+)\"")]
    private static partial Regex Shelved();
}
