using System.Globalization;
using System.Text;
using System.Text.Json;
using Madang.Library.Lending;
using Madang.Tests.Faults;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class ImportingManyBooksOnSqlite(SqliteYard yard) : ImportingManyBooks(yard), IClassFixture<SqliteYard>
{
    /// <summary>In full as many as a file may hold.</summary>
    protected override int Many => Form.Rounds(4_000, 100_000);
}

public sealed class ImportingManyBooksOnPostgres(PostgresYard yard)
    : ImportingManyBooks(yard),
        IClassFixture<PostgresYard>
{
    protected override int Many => Form.Rounds(4_000, 100_000);
}

/// <summary>A large file takes its time, but not the turns of others.</summary>
public abstract class ImportingManyBooks(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract int Many { get; }

    [Fact]
    public async Task Of_many_books_progress_is_told_and_others_write_meanwhile()
    {
        var mark = $"z{Guid.NewGuid():N}"[..9];
        var first = 9_000_000;
        var file = new StringBuilder("\uFEFF제목,저자,ISBN,수량,태그\n");
        for (var number = 0; number < Many; number++)
        {
            file.Append(
                CultureInfo.InvariantCulture,
                $"많은 책 {number} {mark},김하늘 {number % 100},{LibraryCalls.IsbnOf(first - number)},{number % 4},많음 {number % 7}\n"
            );
        }
        var bytes = Encoding.UTF8.GetBytes(file.ToString());
        var id = await yard.Admin.BeginImport(bytes);
        var (seen, writes) = (new HashSet<long>(), 0);
        var import = default(JsonElement);
        await Probe.Until(
            async () =>
            {
                import = await yard.Admin.BookImport(id);
                if (import.Text("state") == "running")
                {
                    seen.Add(import.Number("added"));
                    await yard.Admin.AddTag($"zwischen {mark} {writes++}");
                }
                return import.Text("state") is "done" or "failed";
            },
            TimeSpan.FromMinutes(3)
        );
        Assert.Equal($"done {Many}: {Many} 0 0", import.BookCounts());
        Assert.Equal(500, import.GetProperty("lines").GetArrayLength());
        Assert.True(seen.Count > 2 && writes > 2, $"Progress was told {seen.Count} times, and {writes} others wrote.");
        Assert.Equal(Many, (await yard.Admin.Books($"title={mark}&page_size=1")).Number("count"));
        Assert.Empty((await yard.Get<LedgerAudit>().Run(null, Stop)).Disagreements);
    }
}
