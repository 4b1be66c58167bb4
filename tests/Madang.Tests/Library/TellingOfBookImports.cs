using System.Globalization;
using System.Net;
using System.Text;
using Madang.Foundation.Data;
using Madang.Foundation.Moving;
using Madang.Library.Moving;
using Madang.Tests.Yards;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Library;

public sealed class TellingOfBookImportsOnSqlite(SqliteYard yard)
    : TellingOfBookImports(yard),
        IClassFixture<SqliteYard>
{
    protected override string Broken =>
        "CREATE TRIGGER broken BEFORE INSERT ON book_import_parts BEGIN SELECT RAISE(ABORT, 'broken'); END";

    protected override string Mended => "DROP TRIGGER broken";
}

public sealed class TellingOfBookImportsOnPostgres(PostgresYard yard)
    : TellingOfBookImports(yard),
        IClassFixture<PostgresYard>
{
    protected override string Broken =>
        "ALTER TABLE book_import_parts ADD CONSTRAINT broken CHECK (number < 0) NOT VALID";

    protected override string Mended => "ALTER TABLE book_import_parts DROP CONSTRAINT broken";
}

/// <summary>What became of each line is told, however many there are, and why an import ended that could not go on.</summary>
public abstract class TellingOfBookImports(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Lets no import be written.</summary>
    protected abstract string Broken { get; }

    protected abstract string Mended { get; }

    [Fact]
    public async Task What_becomes_of_every_line_can_be_downloaded_and_those_refused_stand_first_in_what_is_shown()
    {
        var isbn = LibraryCalls.NewIsbn();
        var file = new StringBuilder("title,author,isbn\n=1+1,김,").Append(isbn).Append('\n');
        for (var number = 0; number < 600; number++)
        {
            file.Append(
                CultureInfo.InvariantCulture,
                $"새 책 {number},김,{LibraryCalls.NewIsbn()}\n다시 {number},김,{isbn}\n"
            );
        }
        file.Append("틀린 책,김,9791190090019\n틀린 책,,9791190090018\n");
        var dry = await yard.Admin.ImportBooks(file.ToString(), "dry_run=true");
        var would = await Lines(dry.Number("id"), "en");
        Assert.Equal("2,added,,{0},'=1+1,would be added", would[1].Replace(isbn, "{0}", StringComparison.Ordinal));
        await yard
            .Admin.Client.PostAsync($"/api/v1/books/imports/{dry.Number("id")}/run", null, Stop)
            .Is(HttpStatusCode.OK);

        var ended = await yard.Admin.EndedBooks(dry.Number("id"));
        Assert.Equal("done 1203: 601 600 2", ended.BookCounts());
        var shown = ended.BookLines();
        Assert.Equal(["1203 refused bad_isbn", "1204 refused no_author", "4 present"], shown[..3]);
        Assert.Equal((1_002, "2 added", "999 added"), (shown.Length, shown[502], shown[^1]));

        var lines = await Lines(dry.Number("id"), "ko");
        Assert.Equal("\uFEFFline,outcome,reason,isbn,title,told", lines[0]);
        Assert.Equal(Enumerable.Range(2, 1203), lines[1..].Select(NumberOf));
        Assert.Equal(
            [$"4,present,,{isbn},다시 0,이미 있어요", "1204,refused,no_author,9791190090018,틀린 책,지은이가 없어요."],
            [lines[3], lines[^1]]
        );
        var member = await yard.SignUp();
        await member
            .Client.GetAsync($"/api/v1/books/imports/{dry.Number("id")}/lines", Stop)
            .Is(HttpStatusCode.NotFound);
        var html = await new Accounts.Browser(yard).SignIn(yard.Admin);
        using var page = await html.Send(HttpMethod.Get, $"/library/move/{dry.Number("id")}");
        Assert.Contains(
            $"href=\"/api/v1/books/imports/{dry.Number("id")}/lines\"",
            await page.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("{\"role\":\"member\"}")]
    [InlineData("{\"disabled\":true}")]
    [InlineData(null)]
    public async Task Whoever_is_no_editor_any_more_brings_nothing_more_in(string? change)
    {
        var librarian = await yard.SignUp();
        await Change(librarian, "{\"role\":\"librarian\"}");
        var isbns = Enumerable.Range(0, 500).Select(_ => LibraryCalls.NewIsbn()).ToList();
        using var file = new MemoryStream(
            Encoding.UTF8.GetBytes($"title,author,isbn\n{string.Concat(isbns.Select(isbn => $"책,김,{isbn}\n"))}")
        );
        var told = new List<BookImportCount>();
        var watch = new Watch(async count =>
        {
            told.Add(count);
            await Change(librarian, change);
        });
        var ended = await Assert.ThrowsAsync<BrokenImportException>(() =>
            yard.Get<BookImportRun>().Run(file, new(librarian.Id, null), isDryRun: false, watch, Stop)
        );
        Assert.Equal("not_an_editor", ended.Problem);
        Assert.Equal([new BookImportCount(500, 200, 0, 0)], told);
        Assert.Equal((1, 0), (await Count(isbns[199]), await Count(isbns[200])));
    }

    [Fact]
    public async Task What_fails_within_is_told_apart_from_what_was_interrupted_and_where_the_log_says_why()
    {
        using var log = new LoggedLines();
        yard.Get<ILoggerFactory>().AddProvider(log);
        await Do(Broken);
        try
        {
            var import = await yard.Admin.ImportBooks($"title,author,isbn\n책,김,{LibraryCalls.NewIsbn()}\n");
            Assert.Equal(("failed", "failed_inside"), (import.Text("state"), import.Text("problem")));
            var line = Assert.Single(log.Lines, line => line.Level == LogLevel.Error);
            Assert.Equal(import.Text("detail"), line.TraceId);
            Assert.Matches("^[0-9a-f]{32}$", line.TraceId);
            Assert.Contains("broken", line.Text, StringComparison.Ordinal);
            Assert.Equal(0, import.Number("added"));
        }
        finally
        {
            await Do(Mended);
        }
    }

    private async Task<string[]> Lines(long id, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/books/imports/{id}/lines");
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await yard.Admin.Client.SendAsync(request, Stop);
        Assert.Equal(
            (HttpStatusCode.OK, "text/csv", $"madang-import-{id}.csv"),
            (
                answer.StatusCode,
                answer.Content.Headers.ContentType?.MediaType,
                answer.Content.Headers.ContentDisposition?.FileName
            )
        );
        return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Stop)).TrimEnd().Split("\r\n");
    }

    private static int NumberOf(string line) => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture);

    /// <summary>Changes what an admin may change of a user; or the user goes himself.</summary>
    private async Task Change(Person person, string? change)
    {
        using var answer = change is null
            ? await person.Client.DeleteAsync("/api/v1/users/me", Stop)
            : await yard.Admin.Client.PatchAsync(
                $"/api/v1/users/{person.Id}",
                new StringContent(change, null, "application/json"),
                Stop
            );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private Task<int> Do(string text) => yard.Database.Write(sql => sql.Execute(text), Stop);

    private Task<long> Count(string isbn) =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM books WHERE isbn_key = @isbn", new { isbn }),
            Stop
        );

    private sealed class Watch(Func<BookImportCount, Task> tell) : IBookImportWatch
    {
        public void Read(int books) { }

        public Task Write(Sql sql, BookImportCount count, IReadOnlyList<BookImportLine> lines) => Task.CompletedTask;

        public Task Tell(BookImportCount count, IReadOnlyList<BookImportLine> lines, CancellationToken stop) =>
            tell(count);
    }
}
