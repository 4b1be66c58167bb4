using Madang.Foundation.Data;

namespace Madang.Links.Shortening;

/// <summary>Every line of SQL that lists links: one's own and the team's.</summary>
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

    /// <returns>The link, whoever it belongs to.</returns>
    internal Task<LinkRow?> FindAnybodys(string slug, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<LinkRow>(
                    $"SELECT {LinkRow.Columns} FROM links WHERE slug = @slug AND deleted_at IS NULL",
                    new { slug }
                ),
            stop
        );

    /// <returns>The reader's own that were made last, those in use.</returns>
    internal Task<List<LinkRow>> Newest(long reader, int most, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<LinkRow>(
                    $"""
                    SELECT {LinkRow.Columns} FROM links
                    WHERE owner_id = @reader AND deleted_at IS NULL AND archived_at IS NULL
                    ORDER BY created_at DESC, id DESC
                    LIMIT @most
                    """,
                    new { reader, most }
                ),
            stop
        );

    /// <returns>How many there are in all, and those of one page.</returns>
    internal Task<(long Count, List<LinkRow> Links)> List(
        long reader,
        LinkFilter filter,
        long offset,
        int size,
        CancellationToken stop
    ) =>
        db.Read(
            async sql =>
            {
                var query = filter.Query is null ? null : Fold.Key(filter.Query);
                var tagKey = filter.Tag is null ? null : Fold.Key(filter.Tag);
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
                    ? await All(sql, filter, offset, size, values)
                    : await Sought(sql, filter, query, values);
            },
            stop
        );

    /// <summary>One's own, the team's, or both, in the order of an index.</summary>
    private static async Task<(long, List<LinkRow>)> All(
        Sql sql,
        LinkFilter filter,
        long offset,
        int size,
        object values
    )
    {
        long count = 0;
        if (filter.Scope != "team")
        {
            count += await sql.Single<long>(
                $"""
                SELECT count(*) FROM links
                WHERE owner_id = @reader AND deleted_at IS NULL {Archived(filter)}
                """,
                values
            );
        }
        if (filter.Scope != "mine")
        {
            count += await sql.Single<long>(
                $"""
                SELECT count(*) FROM links
                WHERE visibility = 'team' {Others(filter)} AND deleted_at IS NULL {Archived(filter)}
                """,
                values
            );
        }
        return (
            count,
            offset >= count ? []
            : filter.Scope is null ? await Merged(sql, filter, offset, size, values)
            : await sql.Query<LinkRow>(
                $"""
                SELECT {LinkRow.Columns} FROM links
                WHERE deleted_at IS NULL {Scoped(filter)} {Archived(filter)}
                ORDER BY {Ordered(filter)}
                LIMIT @size OFFSET @offset
                """,
                values
            )
        );
    }

    /// <summary>
    /// Two lists that are each in order by an index, merged here: with OR there would be none. What comes before the page is looked at only for
    /// what it is sorted by, and the links themselves are read for the page alone.
    /// </summary>
    private static async Task<List<LinkRow>> Merged(Sql sql, LinkFilter filter, long offset, int size, object values)
    {
        var own = await sql.Query<Place>(
            $"""
            SELECT id, created_at, visits FROM links
            WHERE owner_id = @reader AND deleted_at IS NULL {Archived(filter)}
            ORDER BY {Ordered(filter)}
            LIMIT @End
            """,
            values
        );
        var others = await sql.Query<Place>(
            $"""
            SELECT id, created_at, visits FROM links
            WHERE visibility = 'team' {Others(filter)} AND deleted_at IS NULL {Archived(filter)}
            ORDER BY {Ordered(filter)}
            LIMIT @End
            """,
            values
        );
        var places = own.Concat(others);
        var all = filter.Order switch
        {
            LinkOrder.Visits => places.OrderByDescending(place => (place.Visits, place.Id)),
            LinkOrder.Oldest => places.OrderBy(place => (place.CreatedAt, place.Id)),
            _ => places.OrderByDescending(place => (place.CreatedAt, place.Id)),
        };
        var ids = all.Skip((int)offset).Take(size).Select(place => place.Id).ToList();
        var links = await sql.Query<LinkRow>(
            $"SELECT {LinkRow.Columns} FROM links WHERE {sql.In("id", "@ids")}",
            new { ids }
        );
        var byId = links.ToDictionary(link => link.Id);
        // On PostgreSQL one may have gone between the statements.
        return [.. ids.Where(byId.ContainsKey).Select(id => byId[id])];
    }

    /// <summary>Where a link stands in a list.</summary>
    private sealed record Place
    {
        public required long Id { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required long Visits { get; init; }
    }

    /// <summary>The index gives the candidates, few enough to be looked at and sorted.</summary>
    private static async Task<(long, List<LinkRow>)> Sought(Sql sql, LinkFilter filter, string? query, object values)
    {
        var count = await sql.Single<long>(
            $"""
            SELECT count(*) FROM links
            {Searched(sql)}
            WHERE deleted_at IS NULL {Scoped(filter)} {Archived(filter)}
            {(query is null ? "" : $"AND {sql.Contains("text_key", "@query")}")}
            """,
            values
        );
        var links = await sql.Query<LinkRow>(
            $"""
            SELECT {LinkRow.Columns} FROM links
            {Searched(sql)}
            WHERE deleted_at IS NULL {Scoped(filter)} {Archived(filter)}
            {(query is null ? "" : $"AND {sql.Contains("text_key", "@query")}")}
            ORDER BY {Ordered(filter)}
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

    private static string Archived(LinkFilter filter) =>
        filter.IsArchived ? "AND archived_at IS NOT NULL" : "AND archived_at IS NULL";

    private static string Scoped(LinkFilter filter) =>
        filter.Scope switch
        {
            "mine" => "AND owner_id = @reader",
            "team" => "AND visibility = 'team'",
            _ => "AND (owner_id = @reader OR visibility = 'team')",
        };

    /// <summary>Where one's own stand in the list already, the team's are those of others.</summary>
    private static string Others(LinkFilter filter) =>
        filter.Scope == "team" ? "" : "AND (owner_id IS NULL OR owner_id <> @reader)";

    private static string Ordered(LinkFilter filter) =>
        filter.Order switch
        {
            LinkOrder.Visits => "visits DESC, id DESC",
            LinkOrder.Oldest => "created_at, id",
            _ => "created_at DESC, id DESC",
        };
}
