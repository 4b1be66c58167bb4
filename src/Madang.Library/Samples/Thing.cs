using Madang.Foundation.Data;

namespace Madang.Library.Samples;

/// <summary>What a row of <c>library_samples</c> is about.</summary>
internal static class Thing
{
    internal const string Book = "book";
    internal const string Tag = "tag";
    internal const string Loan = "loan";
    internal const string Hold = "hold";

    /// <summary>Remembers that something is sample data.</summary>
    internal static Task<int> Note(Sql sql, string thing, long id) =>
        sql.Execute("INSERT INTO library_samples (thing, id) VALUES (@thing, @id)", new { thing, id });
}
