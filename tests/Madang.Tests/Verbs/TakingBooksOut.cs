using Madang.Tests.Library;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

public sealed class TakingBooksOutOnSqlite() : TakingBooksOut(new BareSqlite());

public sealed class TakingBooksOutOnPostgres(PostgresServer postgres) : TakingBooksOut(new BarePostgres(postgres));

/// <summary>The verbs <c>library import</c>, <c>library export</c> and <c>library audit</c>.</summary>
public abstract class TakingBooksOut(Bare yard) : IAsyncLifetime
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await yard.InitializeAsync();
        await yard.Build();
    }

    public ValueTask DisposeAsync() => yard.DisposeAsync();

    [Fact]
    public async Task Books_come_in_from_a_file_and_go_out_into_one_and_nothing_comes_twice()
    {
        using var folder = new TemporaryFolder();
        var (file, json, marc) = (folder.File("목록.csv"), folder.File("all.json"), folder.File("all.mrc"));
        await File.WriteAllBytesAsync(
            file,
            BookFiles.EucKr.GetBytes(
                "도서명,지은이,ISBN,수량\n가을 산책,김하늘,9791190090018,2\n틀린\u001b[2J 책,김하늘,9791190090019,1\n"
            ),
            Stop
        );
        var dry = await Library("import", file, "--dry-run");
        Says("2\twould be added\t9791190090018\t가을 산책", dry);
        Assert.StartsWith("3\t", dry.Output, StringComparison.Ordinal);
        Assert.Equal("Looking at books: done\n", dry.Errors);
        Says("\t9791190090019\t틀린\uFFFD[2J 책", dry);
        Says("Nothing was changed. New: 1, here already: 0, refused: 1.", dry);
        Assert.Equal(0, await yard.Ask<long>("SELECT count(*) FROM books"));
        Says("Added: 1, here already: 0, refused: 1.", await Library("import", file, "--from", "sheet"));
        Says("Added: 0, here already: 1, refused: 1.", await Library("import", file));
        Says("Writing the books: done", await Library("export", json));
        Says("Wrote ", await Library("export", marc));
        Assert.Contains("\"stock\":2", await File.ReadAllTextAsync(json, Stop), StringComparison.Ordinal);
        Says("Added: 0, here already: 1, refused: 0.", await Library("import", json));
        Says("Added: 0, here already: 1, refused: 0.", await Library("import", marc, "--from", "marc"));

        (string[] Words, string Sentence)[] refused =
        [
            (["import", file, "--from", "goodreads"], "No line names the columns"),
            (["import", json, "--from", "kormarc"], "of another kind than its source says"),
            (["import", file, "--from", "yes24"], "yes24"),
            (["import", folder.File("none")], "can't be read"),
            (["export", json], "is there already"),
            (["export", folder.File("all")], "--format"),
        ];
        var ran = await Task.WhenAll(refused.Select(one => Library(one.Words)));
        Assert.All(ran.Zip(refused), pair => pair.First.Refused(pair.Second.Sentence));
    }

    [Fact]
    public async Task An_audit_finds_every_stock_and_every_loan_that_the_ledger_knows_otherwise()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("books.csv");
        await File.WriteAllTextAsync(
            file,
            "isbn,title,author,stock\n9791190090018,가을,김,50\n9788937460777,겨울,이,50\n0132350882,Clean,Martin,50\n",
            Stop
        );
        (await Library("import", file)).Well();
        await Lend(1, isBack: false, "lent");
        await Lend(1, isBack: true, "lent", "returned");
        await Lend(2, isBack: true, "lent", "returned");
        Says("3 books and 3 loans agree with the ledger.", await Library("audit"));

        await yard.Do("UPDATE books SET stock = stock + 1 WHERE id = 3");
        // One that was lent twice, one that never came back, one that came back and is out, and one that nobody knows.
        await Lend(1, isBack: false, "lent", "lent");
        await Lend(1, isBack: true, "lent");
        await Lend(2, isBack: false, "lent", "returned");
        await Tell(3, null, -1, "lent");
        await Tell(2, null, -1, "put_aside");
        await yard.Do(
            "INSERT INTO holds (user_id, book_id, created_at) SELECT id, 3, @At FROM users",
            new { At = DateTimeOffset.UnixEpoch }
        );

        var audit = await Library("audit");
        Assert.Equal(1, audit.Code);
        string[] places =
        [
            "book 3: the stock is 50, but its ledger says 49.",
            "book 1, loan 4: 2 copies, still out, but the ledger says -4 in 2 lines lent and 0 in 0 returned.",
            "book 1, loan 5: 2 copies, returned, but the ledger says -2 in 1 lines lent and 0 in 0 returned.",
            "book 2, loan 6: 2 copies, still out, but the ledger says -2 in 1 lines lent and 2 in 1 returned.",
            "book 2: 0 copies are put aside for those who waited, but its ledger says 1.",
            "book 3: 1 wait for a copy, but 50 can be borrowed.",
            "book 3: the ledger says -1 lent and 0 returned, but there is no such loan of this book.",
        ];
        Assert.Equal(
            places.Order(StringComparer.Ordinal),
            audit
                .Output.Split('\n')
                .Where(line => line.StartsWith("book ", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        Assert.Contains("7 places don't agree", audit.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_fails_half_way_tells_what_it_has_done()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("books.csv");
        var lines = Enumerable
            .Range(0, 260)
            .Select(number => $"{LibraryCalls.IsbnOf(5_000_000 + number)},책 {number},김,{(number > 250 ? 7 : 1)}");
        await File.WriteAllLinesAsync(file, ["isbn,title,author,stock", "1,틀린 책,김,1", .. lines], Stop);
        // Whatever it is that fails: the second book of which there are seven copies.
        await yard.Do("CREATE UNIQUE INDEX broken ON stock_changes (change) WHERE change = 7");
        var ran = await Library("import", file);
        Assert.NotEqual(0, ran.Code);
        Assert.StartsWith("2\t", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Added: 199, here already: 0, refused: 1.", ran.Output, StringComparison.Ordinal);
        Assert.Equal(199, await yard.Ask<long>("SELECT count(*) FROM books"));
    }

    [Fact]
    public async Task On_a_terminal_a_bar_tells_how_far_an_import_is()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("books.csv");
        await File.WriteAllTextAsync(file, "isbn,title,author\n9791190090018,가을,김\n", Stop);
        var ran = (await Ran.OnTerminal("", ["library", "import", file, .. yard.Settings])).Well();
        Assert.Contains("Bringing books in", ran.Output, StringComparison.Ordinal);
        Assert.Contains("100%", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Added: 1, here already: 0, refused: 0.", ran.Output, StringComparison.Ordinal);
    }

    private Task<Ran> Library(params string[] words) => Ran.Verb(["library", .. words, .. yard.Settings]);

    private static void Says(string words, Ran ran) =>
        Assert.Contains(words, ran.Well().Output, StringComparison.Ordinal);

    /// <summary>Writes a loan of two copies with these lines in the ledger, and the stock that they come to.</summary>
    private async Task Lend(long book, bool isBack, params string[] kinds)
    {
        await yard.Do(
            """
            INSERT INTO users (email, email_key, username, security_stamp, role, created_at, updated_at)
            VALUES ('me@example.com', 'me@example.com', '나', 's', 'admin', @At, @At)
            ON CONFLICT DO NOTHING
            """,
            new { At = DateTimeOffset.UnixEpoch }
        );
        await yard.Do(
            """
            INSERT INTO loans (user_id, book_id, quantity, due_at, created_at, returned_at)
            VALUES (1, @book, 2, @At, @At, @Back)
            """,
            new
            {
                book,
                At = DateTimeOffset.UnixEpoch,
                Back = isBack ? DateTimeOffset.UnixEpoch : (DateTimeOffset?)null,
            }
        );
        var loan = await yard.Ask<long>("SELECT max(id) FROM loans");
        foreach (var kind in kinds)
        {
            await Tell(book, loan, kind == "lent" ? -2 : 2, kind);
        }
    }

    private async Task Tell(long book, long? loan, long change, string kind)
    {
        await yard.Do(
            "INSERT INTO stock_changes (book_id, loan_id, kind, change, at) VALUES (@book, @loan, @kind, @change, @At)",
            new
            {
                book,
                loan,
                kind,
                change,
                At = DateTimeOffset.UnixEpoch,
            }
        );
        await yard.Do("UPDATE books SET stock = stock + @change WHERE id = @book", new { book, change });
    }
}
