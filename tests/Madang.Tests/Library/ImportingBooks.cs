using System.Net;
using System.Text;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class ImportingBooksOnSqlite(SqliteYard yard) : ImportingBooks(yard), IClassFixture<SqliteYard>;

public sealed class ImportingBooksOnPostgres(PostgresYard yard) : ImportingBooks(yard), IClassFixture<PostgresYard>;

/// <summary>Books come in from files and go out into files, whole and once.</summary>
public abstract class ImportingBooks(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_book_comes_in_as_its_line_says_with_tags_of_any_case_and_stands_in_the_next_list()
    {
        var mark = $"m{Guid.NewGuid():N}"[..9];
        var (isbn, other) = (LibraryCalls.NewIsbn(), LibraryCalls.NewIsbn());
        var known = await yard.Admin.AddTag($"Walks {mark}");
        Assert.Empty(await yard.Admin.BookIds($"title={mark}"));
        var import = await yard.Admin.ImportBooks(
            $"제목,저자,출판사,ISBN,발행일,수량,태그\n가을 산책 {mark},김하늘,마당,{isbn},2024-10-01,3,\"WALKS {mark}, 새 {mark}, 새 {mark}\"\n겨울 {mark},이바다,,{other},,,\n",
            "file_name=목록.csv"
        );
        Assert.Equal("done 2: 2 0 0", import.BookCounts());
        Assert.Equal(["2 added", "3 added"], import.BookLines());
        Assert.Equal(("목록.csv", isbn), (import.Text("file_name"), import.GetProperty("lines")[0].Text("isbn")));

        // The list was asked for before, so that it is kept.
        var results = (await yard.Admin.Books($"title={mark}&order_by=title")).GetProperty("results");
        var book = results[0];
        Assert.Equal(
            ($"가을 산책 {mark}", "김하늘", "마당", isbn, 3L, "2024-10-01T00:00:00Z"),
            (
                book.Text("title"),
                book.Text("author"),
                book.Text("publisher"),
                book.Text("isbn"),
                book.Number("stock"),
                book.Text("published_at")
            )
        );
        var tags = book.GetProperty("tags").EnumerateArray().ToList();
        Assert.Equal([$"Walks {mark}", $"새 {mark}"], tags.Select(tag => tag.Text("name")));
        Assert.Equal(known, tags[0].Number("tag_id"));
        var id = book.Number("book_id");
        Assert.Equal((1L, null), (results[1].Number("stock"), results[1].Text("published_at")));
        Assert.Contains(id, await yard.Admin.BookIds("title=ㄱㅇㅅㅊ&author=ㄱㅎㄴ"));
        Assert.Equal(
            "counted 3",
            await yard.Database.Read(
                sql =>
                    sql.Single<string>(
                        "SELECT kind || ' ' || change FROM stock_changes WHERE book_id = @id",
                        new { id }
                    ),
                Stop
            )
        );
        // It is a book like any other: it can be lent, changed and deleted.
        Assert.Equal(HttpStatusCode.Created, (await yard.Admin.Borrow(id, 3)).StatusCode);
        await yard
            .Admin.Client.Send(
                HttpMethod.Patch,
                $"/api/v1/books/{results[1].Number("book_id")}",
                new { title = "여름" }
            )
            .Is(HttpStatusCode.OK);
        await yard
            .Admin.Client.Send(HttpMethod.Delete, $"/api/v1/books/{results[1].Number("book_id")}")
            .Is(HttpStatusCode.NoContent);
        Assert.Single(await yard.Admin.BookIds($"title={mark}"));
    }

    /// <summary>Making a tag changes what is kept too: so there is none.</summary>
    [Fact]
    public async Task A_book_without_tags_stands_in_a_list_that_was_kept_before_it_came()
    {
        var mark = $"m{Guid.NewGuid():N}"[..9];
        Assert.Empty(await yard.Admin.BookIds($"title={mark}"));
        await yard.Admin.ImportBooks($"title,author,isbn\n{mark},김하늘,{LibraryCalls.NewIsbn()}\n");
        Assert.Single(await yard.Admin.BookIds($"title={mark}"));
    }

    [Fact]
    public async Task What_is_here_already_stays_as_it_is_and_a_dry_run_says_the_same_and_writes_nothing()
    {
        var here = await yard.Admin.AddBook(LibraryCalls.NewBook("여기 있는 책", 5));
        var (isbn, fresh) = (here.Text("isbn")!, LibraryCalls.NewIsbn());
        var file =
            $"title,author,isbn,stock\n다른 제목,다른 이,{isbn},9\n새 책,김하늘,{fresh},1\n새 책 또,김하늘,{fresh},1\n틀린 책,김하늘,9791190090019,1\n";
        string[] lines = ["5 refused bad_isbn", "2 present", "4 present", "3 added"];
        var dry = await yard.Admin.ImportBooks(file, "dry_run=true");
        Assert.Equal("done 4: 1 2 1", dry.BookCounts());
        Assert.Equal(lines, dry.BookLines());
        Assert.Equal(0, await Count(fresh));

        var ran = await yard.Admin.Client.PostAsync($"/api/v1/books/imports/{dry.Number("id")}/run", null, Stop);
        Assert.False((await ran.Json(HttpStatusCode.OK)).GetProperty("dry_run").GetBoolean());
        Assert.Equal(lines, (await yard.Admin.EndedBooks(dry.Number("id"))).BookLines());
        Assert.Equal("done 4: 0 3 1", (await yard.Admin.ImportBooks(file)).BookCounts());
        Assert.Equal(1, await Count(fresh));
        var still = await yard.Admin.Client.GetAsync($"/api/v1/books/{here.Number("book_id")}", Stop);
        Assert.Equal(here.ToString(), (await still.Json(HttpStatusCode.OK)).ToString());
        await yard
            .Admin.Client.PostAsync($"/api/v1/books/imports/{dry.Number("id")}/run", null, Stop)
            .Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_editors_bring_books_in_and_see_their_own_imports()
    {
        var (member, id) = (
            await yard.SignUp(),
            (await yard.Admin.ImportBooks("isbn,title,author\n,,\n")).Number("id")
        );
        using var file = new ByteArrayContent("title,author,isbn\n"u8.ToArray());
        file.Headers.ContentType = new("application/octet-stream");
        await member.Client.PostAsync("/api/v1/books/imports", file, Stop).Is(HttpStatusCode.Forbidden);
        await member.Client.PostAsync($"/api/v1/books/imports/{id}/run", null, Stop).Is(HttpStatusCode.Forbidden);
        await member.Client.GetAsync($"/api/v1/books/imports/{id}", Stop).Is(HttpStatusCode.NotFound);
        await yard.Admin.Client.PostAsync("/api/v1/books/imports", new ByteArrayContent([]), Stop).IsBad();
        await yard.Admin.Client.PostAsync("/api/v1/books/imports?from=shlink", null, Stop).IsBad("from");
        Assert.NotEmpty(await member.ExportBooks("csv"));
    }

    [Fact]
    public async Task An_export_comes_back_as_it_went_out_in_each_of_its_formats()
    {
        var isbn = LibraryCalls.NewIsbn();
        var tag = $"=odd|\\ {isbn}";
        var book = await yard.Admin.AddBook(
            new
            {
                title = "=HYPERLINK(\"x\"), 가을",
                author = "'김, 하늘'",
                publisher = "+출판",
                isbn,
                stock = 7,
                published_at = "2024-10-01T10:11:12.123456Z",
                tags = new[] { await yard.Admin.AddTag(tag), await yard.Admin.AddTag($"둘 {isbn}") },
            }
        );
        foreach (var format in new[] { "csv", "json", "marc" })
        {
            var file = await yard.Admin.ExportBooks(format);
            var count = (await yard.Admin.Books("page_size=1")).Number("count");
            Assert.Equal($"done {count}: 0 {count} 0", (await yard.Admin.ImportBooks(file)).BookCounts());
            var before = await Book(isbn);
            await yard
                .Admin.Client.Send(HttpMethod.Delete, $"/api/v1/books/{before.Number("book_id")}")
                .Is(HttpStatusCode.NoContent);
            Assert.Equal($"done {count}: 1 {count - 1} 0", (await yard.Admin.ImportBooks(file)).BookCounts());
            var after = await Book(isbn);
            string[] fields = ["title", "author", "publisher", "isbn", "stock", "tags"];
            Assert.All(
                fields,
                field => Assert.Equal(book.GetProperty(field).ToString(), after.GetProperty(field).ToString())
            );
            Assert.Equal(book.Text("published_at"), after.Text("published_at"));
        }
    }

    [Fact]
    public async Task Two_who_bring_the_same_books_at_once_bring_each_once()
    {
        var other = await yard.SignUp();
        await yard.Database.Write(
            sql => sql.Execute("UPDATE users SET role = 'librarian' WHERE id = @Id", new { other.Id }),
            Stop
        );
        var isbns = Enumerable.Range(0, 300).Select(_ => LibraryCalls.NewIsbn()).ToList();
        string File(IEnumerable<string> all) =>
            $"title,author,isbn,tags\n{string.Concat(all.Select(isbn => $"함께 {isbn},둘,{isbn},함께 {isbn}\n"))}";
        await Probe.Until(
            async () => (await other.Client.GetAsync("/api/v1/users/me", Stop)).IsSuccessStatusCode,
            TimeSpan.FromSeconds(10)
        );
        var ended = await Task.WhenAll(
            yard.Admin.ImportBooks(File(isbns)),
            other.ImportBooks(File(isbns.AsEnumerable().Reverse()))
        );
        Assert.Equal(300, ended.Sum(import => import.Number("added")));
        Assert.Equal(300, ended.Sum(import => import.Number("present")));
        Assert.All(ended, import => Assert.Equal("done", import.Text("state")));
        Assert.Equal(300, (await yard.Admin.Books("title=함께&page_size=1")).Number("count"));
    }

    [Fact]
    public async Task A_file_that_breaks_off_brings_nothing()
    {
        var isbns = Enumerable.Range(0, 500).Select(_ => LibraryCalls.NewIsbn()).ToList();
        var whole = Encoding.UTF8.GetBytes(
            $"title,author,isbn\n{string.Concat(isbns.Select(isbn => $"끊긴 책,\"김\",{isbn}\n"))}"
        );
        var import = await yard.Admin.ImportBooks([.. whole, .. "\"끊긴"u8]);
        Assert.Equal(("failed 0: 0 0 0", "broken_csv"), (import.BookCounts(), import.Text("problem")));
        Assert.Equal(0, await Count(isbns[0]));
        Assert.Equal("done 500: 500 0 0", (await yard.Admin.ImportBooks(whole)).BookCounts());
    }

    private Task<long> Count(string isbn) =>
        yard.Database.Read(
            sql =>
                sql.Single<long>(
                    "SELECT count(*) FROM books WHERE isbn_key = @isbn AND deleted_at IS NULL",
                    new { isbn }
                ),
            Stop
        );

    private async Task<JsonElement> Book(string isbn)
    {
        var id = await yard.Database.Read(
            sql => sql.Single<long>("SELECT id FROM books WHERE isbn_key = @isbn AND deleted_at IS NULL", new { isbn }),
            Stop
        );
        return await (await yard.Admin.Client.GetAsync($"/api/v1/books/{id}", Stop)).Json(HttpStatusCode.OK);
    }
}
