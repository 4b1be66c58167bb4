using System.Text;
using Madang.Foundation.Data;

namespace Madang.Links.Shortening;

/// <summary>
/// Every line of SQL that keeps what links are found by: one index of bigrams and tags, since a search may ask for both and one
/// member may have a million links.
/// </summary>
internal static class LinkIndex
{
    internal static Task<int> Add(Sql sql, LinkRow link)
    {
        var grams = Grams(link);
        return sql.Dialect == Dialect.Sqlite
            ? sql.Execute(
                "INSERT INTO link_grams (rowid, grams) VALUES (@Id, @Grams)",
                new { link.Id, Grams = string.Join(' ', grams) }
            )
            : sql.Execute("INSERT INTO link_grams (link_id, grams) VALUES (@Id, @grams)", new { link.Id, grams });
    }

    /// <summary>An FTS5 table that keeps no content is told what to forget; it must be just what it was given.</summary>
    internal static Task<int> Remove(Sql sql, LinkRow link) =>
        sql.Dialect == Dialect.Sqlite
            ? sql.Execute(
                "INSERT INTO link_grams (link_grams, rowid, grams) VALUES ('delete', @Id, @Grams)",
                new { link.Id, Grams = string.Join(' ', Grams(link)) }
            )
            : sql.Execute("DELETE FROM link_grams WHERE link_id = @Id", new { link.Id });

    /// <summary>What a query asks of the index, besides the text itself.</summary>
    /// <param name="sql">Whose dialect is spoken.</param>
    /// <param name="query">A folded text, or null.</param>
    /// <param name="tag">A folded tag, or null.</param>
    internal static object Sought(Sql sql, string? query, string? tag)
    {
        string[] tokens =
        [
            .. tag is null ? (string[])[] : [TagToken(tag)],
            .. query is null ? [] : Bigrams.OfQuery(query),
        ];
        return sql.Dialect == Dialect.Sqlite ? string.Join(" AND ", tokens) : tokens;
    }

    /// <summary>What a text is sought in, folded: slug, title, address and notes, each on a line of its own.</summary>
    internal static string KeyOf(LinkRow link) => KeyOf(link.Slug, link.Title, link.Url, link.Notes);

    internal static string KeyOf(string slug, string? title, string url, string? notes) =>
        Fold.Key($"{slug}\n{title}\n{url}\n{notes}");

    /// <summary>Makes the index anew, after a restore.</summary>
    internal static async Task Fill(Sql sql)
    {
        const int batch = 500;
        for (long last = 0; ; )
        {
            var links = await sql.Query<LinkRow>(
                $"""
                SELECT {LinkRow.Columns} FROM links
                WHERE deleted_at IS NULL AND id > @last
                ORDER BY id LIMIT @batch
                """,
                new { last, batch }
            );
            foreach (var link in links)
            {
                await Add(sql, link);
            }
            if (links.Count < batch)
            {
                return;
            }
            last = links[^1].Id;
        }
    }

    private static string[] Grams(LinkRow link) =>
        [.. Bigrams.OfText(KeyOf(link)), .. LinkRow.TagsOf(link.Tags).Select(tag => TagToken(Fold.Key(tag)))];

    /// <summary>In hexadecimal behind another letter than the bigrams': FTS5's tokenizer leaves it alone.</summary>
    private static string TagToken(string key) => $"t{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(key))}";
}
