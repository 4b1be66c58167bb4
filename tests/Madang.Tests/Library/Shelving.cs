using System.Net;
using System.Net.Http.Headers;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class ShelvingOnSqlite(SqliteYard yard) : Shelving(yard), IClassFixture<SqliteYard>;

public sealed class ShelvingOnPostgres(PostgresYard yard) : Shelving(yard), IClassFixture<PostgresYard>;

/// <summary>The catalogue: who may change it, how it is found through, and that no list is ever older than the last change.</summary>
public abstract class Shelving(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_book_comes_back_as_it_was_given_under_both_names()
    {
        var (one, two) = (await yard.Admin.AddTag("여행"), await yard.Admin.AddTag("Seoul walks"));
        var added = await yard.Admin.AddBook(
            new
            {
                title = "우리가 빛의 속도로 갈 수 없다면",
                author = "김초엽",
                publisher = "허블",
                isbn = "979-11-90090-01-8",
                stock = 3,
                published_at = "2019-06-24",
                tags = new object[] { two, new { tag_id = one } },
            }
        );
        Assert.Equal("9791190090018", added.Text("isbn"));
        Assert.Equal("2019-06-24T00:00:00Z", added.Text("published_at"));
        Assert.Equal(
            [two, one],
            added.GetProperty("tags").EnumerateArray().Select(tag => tag.Number("tag_id")).ToArray()
        );
        var id = added.Number("book_id");
        foreach (var path in new[] { "books", "book" })
        {
            var read = await (await yard.Admin.Client.GetAsync($"/api/v1/{path}/{id}", Stop)).Json(HttpStatusCode.OK);
            Assert.Equal(added.ToString(), read.ToString());
        }
        var again = LibraryCalls.NewBook();
        await yard
            .Admin.Client.Send(
                HttpMethod.Post,
                "/api/v1/books",
                new
                {
                    title = "다른 판",
                    author = "김초엽",
                    isbn = "9791190090018",
                    stock = 1,
                    published_at = "2019-06-24",
                    tags = Array.Empty<long>(),
                }
            )
            .Is(HttpStatusCode.Conflict);
        var member = await yard.SignUp();
        await member.Client.Send(HttpMethod.Post, "/api/v1/books", again).Is(HttpStatusCode.Forbidden);
        await member.Client.Send(HttpMethod.Delete, $"/api/v1/books/{id}").Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Both_forms_of_an_ISBN_are_one_book_and_a_wrong_digit_is_none()
    {
        static object With(string isbn) =>
            new
            {
                title = "Clean",
                author = "Martin",
                isbn,
                stock = 1,
                published_at = "2008-08-01",
                tags = Array.Empty<long>(),
            };
        await yard.Admin.AddBook(With("0-8044-2957-x"));
        await yard
            .Admin.Client.Send(HttpMethod.Post, "/api/v1/books", With("9780804429573"))
            .Is(HttpStatusCode.Conflict);
        foreach (var wrong in new[] { "080442957Y", "9780804429574", "0804429571", "123", "9770804429576" })
        {
            await yard.Admin.Client.Send(HttpMethod.Post, "/api/v1/books", With(wrong)).IsBad("isbn");
        }
    }

    [Fact]
    public async Task Of_eight_books_that_are_given_one_ISBN_at_once_while_it_is_added_one_has_it()
    {
        var ids = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ => (await yard.Admin.AddBook(LibraryCalls.NewBook("여덟째"))).Number("book_id"))
        );
        var isbn = LibraryCalls.NewIsbn();
        var adding = yard.Admin.Client.Send(
            HttpMethod.Post,
            "/api/v1/books",
            new
            {
                title = "아홉째",
                author = "김하늘",
                isbn,
                stock = 1,
                published_at = "2024-10-01",
                tags = Array.Empty<long>(),
            }
        );
        var answers = await Task.WhenAll(
            ids.Select(id => yard.Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{id}", new { isbn }))
                .Append(adding)
        );
        Assert.Equal(1, answers.Count(answer => answer.IsSuccessStatusCode));
        Assert.Equal(8, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Of_eight_tags_that_are_given_one_name_at_once_while_it_is_made_one_has_it()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => yard.Admin.AddTag($"{Guid.NewGuid()}")));
        var name = $"같은 이름 {Guid.NewGuid()}";
        var making = yard.Admin.Client.Send(HttpMethod.Post, "/api/v1/tags", new { name });
        var answers = await Task.WhenAll(
            ids.Select(id => yard.Admin.Client.Send(HttpMethod.Put, $"/api/v1/tags/{id}", new { name })).Append(making)
        );
        Assert.Equal(1, answers.Count(answer => answer.IsSuccessStatusCode));
        Assert.Equal(8, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Books_are_found_by_parts_of_title_and_author_in_any_case_and_by_initial_consonants()
    {
        var mark = $"x{Guid.NewGuid():N}"[..9];
        var walk = (await yard.Admin.AddBook(LibraryCalls.NewBook($"서울 산길 {mark}"))).Number("book_id");
        var sea = (await yard.Admin.AddBook(LibraryCalls.NewBook($"The SEA {mark}"))).Number("book_id");
        Assert.Equal([walk], await yard.Admin.BookIds("title=울 산길"));
        Assert.Equal([sea], await yard.Admin.BookIds($"title=the sea {mark}"));
        Assert.Equal([walk], await yard.Admin.BookIds("title=ㅅㅇㅅㄱ"));
        Assert.Equal([walk], await yard.Admin.BookIds("title=ㅅㅇ ㅅㄱ"));
        Assert.Equal([sea, walk], await yard.Admin.BookIds($"title={mark}&author=하늘"));
        Assert.Equal([sea, walk], await yard.Admin.BookIds($"title={mark}&author=ㄱㅎ"));
        Assert.Empty(await yard.Admin.BookIds($"title={mark}&author=바다"));
        // It has every three neighbours of the longer word, and not the word.
        var mixed = (await yard.Admin.AddBook(LibraryCalls.NewBook($"쾅뚝딱뿡쾅뚝 {mark}"))).Number("book_id");
        Assert.Equal([mixed], await yard.Admin.BookIds("title=뿡쾅뚝"));
        Assert.Equal([mixed], await yard.Admin.BookIds("title=딱뿡쾅뚝"));
        Assert.Empty(await yard.Admin.BookIds("title=뿡쾅딱"));
        Assert.Empty(await yard.Admin.BookIds("title=뿡쾅뚝딱"));
    }

    [Fact]
    public async Task Tags_orders_and_pages_count_together_and_no_page_is_taken_for_another()
    {
        var (red, blue) = (
            await yard.Admin.AddTag($"빨강 {Guid.NewGuid()}"),
            await yard.Admin.AddTag($"파랑 {Guid.NewGuid()}")
        );
        var a = (await yard.Admin.AddBook(LibraryCalls.NewBook("가", 1, red))).Number("book_id");
        var b = (await yard.Admin.AddBook(LibraryCalls.NewBook("나", 1, red, blue))).Number("book_id");
        var c = (await yard.Admin.AddBook(LibraryCalls.NewBook("다", 1, blue))).Number("book_id");
        Assert.Equal([b, a], await yard.Admin.BookIds($"tag={red}"));
        Assert.Equal([b], await yard.Admin.BookIds($"tag={red}&tag={blue}&tag_option=and"));
        Assert.Equal([a, b, c], await yard.Admin.BookIds($"tag={red}&tag={blue}&tag_option=or&order_by=title"));
        Assert.Equal([c, b, a], await yard.Admin.BookIds($"tag={red}&tag={blue}&tag_option=or&order_field=-title"));
        Assert.Equal(
            [a, b],
            await yard.Admin.BookIds($"tag={red}&tag={blue}&tag_option=or&order_by=title&page_size=2")
        );
        var second = await yard.Admin.Books($"tag={red}&tag={blue}&tag_option=or&order_by=title&page_size=2&page=2");
        Assert.Equal((3, c), (second.Number("count"), second.GetProperty("results")[0].Number("book_id")));
        Assert.Null(second.Text("next"));
        var first = await (await yard.Admin.Client.GetAsync(second.Text("previous"), Stop)).Json(HttpStatusCode.OK);
        Assert.Equal(a, first.GetProperty("results")[0].Number("book_id"));

        foreach (
            var wrong in new[] { $"tag={red}&tag={blue}", "tag=red", "order_by=stock", $"tag={red}&tag_option=xor" }
        )
        {
            await yard.Admin.Client.GetAsync($"/api/v1/books?{wrong}", Stop).Is(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task Every_change_is_in_the_very_next_list_and_an_unchanged_one_is_304()
    {
        var mark = $"y{Guid.NewGuid():N}"[..9];
        var tag = await yard.Admin.AddTag($"이름 {mark}");
        async Task<string> Next() => (await yard.Admin.Books($"title={mark}")).GetProperty("results").ToString();
        Assert.Equal("[]", await Next());
        var book = (await yard.Admin.AddBook(LibraryCalls.NewBook(mark, 2, tag))).Number("book_id");
        Assert.Contains($"이름 {mark}", await Next(), StringComparison.Ordinal);
        await yard
            .Admin.Client.Send(HttpMethod.Put, $"/api/v1/tags/{tag}", new { name = $"새 이름 {mark}" })
            .Is(HttpStatusCode.OK);
        Assert.Contains($"새 이름 {mark}", await Next(), StringComparison.Ordinal);
        var loan = (await (await yard.Admin.Borrow(book, 1)).Json(HttpStatusCode.Created)).Number("loan_id");
        Assert.Contains("\"stock\":1", await Next(), StringComparison.Ordinal);
        await yard.Admin.Return(loan, new { quantity = 1 }).Is(HttpStatusCode.OK);
        Assert.Contains("\"stock\":2", await Next(), StringComparison.Ordinal);
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{book}", new { stock = 7 })
            .Is(HttpStatusCode.OK);
        Assert.Contains("\"stock\":7", await Next(), StringComparison.Ordinal);

        using var list = await yard.Admin.Client.GetAsync($"/api/v1/books?title={mark}", Stop);
        using var same = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/books?title={mark}");
        same.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(list.Headers.ETag!.Tag));
        using var unchanged = await yard.Admin.Client.SendAsync(same, Stop);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        await yard.Admin.Client.Send(HttpMethod.Delete, $"/api/v1/tags/{tag}").Is(HttpStatusCode.NoContent);
        Assert.Contains("\"tags\":[]", await Next(), StringComparison.Ordinal);
        await yard.Admin.Client.Send(HttpMethod.Delete, $"/api/v1/books/{book}").Is(HttpStatusCode.NoContent);
        Assert.Equal("[]", await Next());
    }

    [Fact]
    public async Task A_change_changes_what_it_names_and_a_wrong_tag_changes_nothing()
    {
        var tag = await yard.Admin.AddTag($"태그 {Guid.NewGuid()}");
        var book = await yard.Admin.AddBook(LibraryCalls.NewBook("그대로", 4, tag));
        var path = $"/api/v1/books/{book.Number("book_id")}";
        var changed = await (await yard.Admin.Client.Send(HttpMethod.Patch, path, new { title = "바뀐 제목" })).Json(
            HttpStatusCode.OK
        );
        Assert.Equal(("바뀐 제목", 4), (changed.Text("title"), changed.Number("stock")));
        Assert.Equal(1, changed.GetProperty("tags").GetArrayLength());
        await yard
            .Admin.Client.Send(HttpMethod.Patch, path, new { title = "또 다른", tags = new[] { long.MaxValue } })
            .IsBad("tags");
        await yard.Admin.Client.Send(HttpMethod.Patch, path, new { stock = -1 }).IsBad("stock");
        var read = await (await yard.Admin.Client.GetAsync(path, Stop)).Json(HttpStatusCode.OK);
        Assert.Equal(changed.ToString(), read.ToString());
        await yard
            .Admin.Client.Send(HttpMethod.Post, "/api/v1/tags", new { name = (await Tag(tag)).ToUpperInvariant() })
            .Is(HttpStatusCode.Conflict);
    }

    private async Task<string> Tag(long id) =>
        (await (await yard.Admin.Client.GetAsync($"/api/v1/tags/{id}", Stop)).Json(HttpStatusCode.OK)).Text("name");
}
