using Madang.Foundation.Data;

namespace Madang.Library.Samples;

/// <summary>What a row of <c>library_samples</c> is about.</summary>
internal static class Thing
{
    internal const string Book = "book";
    internal const string Tag = "tag";
    internal const string Loan = "loan";
    internal const string Hold = "hold";

    /// <summary>That all was lent that should be; there is one such row at most.</summary>
    internal const string History = "history";

    /// <summary>Any number that no other lock of a transaction has.</summary>
    private const int Lock = 7_204_120;

    /// <summary>Whoever adds samples or takes them away does so alone, one write after the other.</summary>
    internal static Task<int> TakeTurn(Sql sql) =>
        sql.Dialect == Dialect.Postgres
            ? sql.Execute("SELECT pg_advisory_xact_lock(@Lock)", new { Lock })
            : Task.FromResult(0);

    /// <summary>Remembers that something is sample data.</summary>
    internal static Task<int> Note(Sql sql, string thing, long id) =>
        sql.Execute(
            "INSERT INTO library_samples (thing, id) VALUES (@thing, @id) ON CONFLICT DO NOTHING",
            new { thing, id }
        );
}
