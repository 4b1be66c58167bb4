using Madang.Foundation.Data;
using Madang.Links.Shortening;

namespace Madang.Links.Titles;

/// <summary>Every line of SQL about links that want a title.</summary>
internal sealed class TitleStore(Database db)
{
    /// <returns>What waited when the server stopped, as far as it can be told: oldest first.</returns>
    internal Task<List<Untitled>> Wanting(CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                var rows = await sql.Query<LinkRow>(
                    $"""
                    SELECT {LinkRow.Columns} FROM links
                    WHERE id > (SELECT coalesce(max(id), 0) FROM links) - @Most AND title IS NULL AND owner_id IS NOT NULL
                    AND deleted_at IS NULL AND updated_at = created_at AND created_at > @Since
                    AND NOT EXISTS (SELECT 1 FROM link_origins WHERE link_id = links.id)
                    ORDER BY id
                    LIMIT @Most
                    """,
                    new { TitleQueue.Most, Since = sql.Now.AddDays(-1) }
                );
                return rows.ConvertAll(row => new Untitled(row.Id, row.Url));
            },
            stop
        );

    /// <summary>Gives a link its title, unless it has one by now or leads elsewhere.</summary>
    internal Task<bool> Set(Untitled link, string title, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var before = await sql.First<LinkRow>(
                    $"""
                    SELECT {LinkRow.Columns} FROM links
                    WHERE id = @Id AND url = @Url AND title IS NULL AND deleted_at IS NULL
                    {sql.For("", "FOR UPDATE")}
                    """,
                    link
                );
                if (before is null)
                {
                    return false;
                }
                var after = before with { Title = title };
                await sql.Execute(
                    "UPDATE links SET title = @title, has_fetched_title = @Yes, text_key = @Key WHERE id = @Id",
                    new
                    {
                        before.Id,
                        title,
                        Yes = true,
                        Key = LinkIndex.KeyOf(after),
                    }
                );
                await LinkIndex.Remove(sql, before);
                await LinkIndex.Add(sql, after);
                return true;
            },
            stop
        );
}
