using Madang.Foundation.Data;

namespace Madang.Links.Shortening;

/// <summary>Every line of SQL that lists links: one's own and the team's, newest first.</summary>
public sealed class LinkLists(Database db)
{
    /// <returns>The link, when it is this reader's own or the team's.</returns>
    internal Task<LinkRow?> Find(string slug, long reader, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<LinkRow>(
                    $"""
                    SELECT {LinkRow.Columns} FROM links
                    WHERE slug = @slug AND deleted_at IS NULL AND (owner_id = @reader OR visibility = 'team')
                    """,
                    new { slug, reader }
                ),
            stop
        );

    /// <returns>How many there are in all, and those of one page.</returns>
    internal Task<(long Count, List<LinkRow> Links)> List(
        long reader,
        string? q,
        string? tag,
        bool isArchived,
        long offset,
        int size,
        CancellationToken stop
    ) =>
        db.Read(
            async sql =>
            {
                var query = string.IsNullOrEmpty(q) ? null : Fold.Key(q);
                var tagKey = string.IsNullOrWhiteSpace(tag) ? null : Fold.Key(tag.Trim());
                var values = new
                {
                    reader,
                    query,
                    Grams = query is null && tagKey is null ? null : LinkIndex.Sought(sql, query, tagKey),
                    offset,
                    size,
                    End = offset + size,
                };
                return values.Grams is null
                    ? await All(sql, isArchived, offset, size, values)
                    : await Sought(sql, isArchived, query, values);
            },
            stop
        );

    private static async Task<(long, List<LinkRow>)> All(Sql sql, bool isArchived, long offset, int size, object values)
    {
        var own = await sql.Single<long>(
            $"""
            SELECT count(*) FROM links
            WHERE owner_id = @reader AND deleted_at IS NULL {Archived(isArchived)}
            """,
            values
        );
        var others = await sql.Single<long>(
            $"""
            SELECT count(*) FROM links
            WHERE visibility = 'team' AND (owner_id IS NULL OR owner_id <> @reader)
            AND deleted_at IS NULL {Archived(isArchived)}
            """,
            values
        );
        if (offset >= own + others)
        {
            return (own + others, []);
        }
        // Two lists that are each in order by an index, merged here: with OR there would be none.
        var links = await sql.Query<LinkRow>(
            $"""
            SELECT {LinkRow.Columns} FROM links
            WHERE owner_id = @reader AND deleted_at IS NULL {Archived(isArchived)}
            ORDER BY created_at DESC, id DESC
            LIMIT @End
            """,
            values
        );
        links.AddRange(
            await sql.Query<LinkRow>(
                $"""
                SELECT {LinkRow.Columns} FROM links
                WHERE visibility = 'team' AND (owner_id IS NULL OR owner_id <> @reader)
                AND deleted_at IS NULL {Archived(isArchived)}
                ORDER BY created_at DESC, id DESC
                LIMIT @End
                """,
                values
            )
        );
        var page = links.OrderByDescending(link => (link.CreatedAt, link.Id)).Skip((int)offset).Take(size);
        return (own + others, [.. page]);
    }

    /// <summary>The index gives the candidates, few enough to be looked at and sorted.</summary>
    private static async Task<(long, List<LinkRow>)> Sought(Sql sql, bool isArchived, string? query, object values)
    {
        var count = await sql.Single<long>(
            $"""
            SELECT count(*) FROM links
            {Searched(sql)}
            WHERE deleted_at IS NULL AND (owner_id = @reader OR visibility = 'team') {Archived(isArchived)}
            {(query is null ? "" : $"AND {sql.Contains("text_key", "@query")}")}
            """,
            values
        );
        var links = await sql.Query<LinkRow>(
            $"""
            SELECT {LinkRow.Columns} FROM links
            {Searched(sql)}
            WHERE deleted_at IS NULL AND (owner_id = @reader OR visibility = 'team') {Archived(isArchived)}
            {(query is null ? "" : $"AND {sql.Contains("text_key", "@query")}")}
            ORDER BY created_at DESC, id DESC
            LIMIT @size OFFSET @offset
            """,
            values
        );
        return (count, links);
    }

    private static string Searched(Sql sql) =>
        sql.For(
            "JOIN link_grams ON link_grams.rowid = links.id AND link_grams MATCH @Grams",
            "JOIN link_grams ON link_grams.link_id = links.id AND grams @> @Grams"
        );

    private static string Archived(bool isArchived) =>
        isArchived ? "AND archived_at IS NOT NULL" : "AND archived_at IS NULL";
}
