using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Links.Moving;
using Madang.Links.Shortening;

namespace Madang.Links.Leaving;

/// <summary>
/// When a user goes, his private links go with him; those of the team stay, since they stand in what others wrote: they belong to
/// nobody then, and every member may change them. What is
/// known of his imports goes too. Doing it twice does nothing more.
/// </summary>
internal sealed class LinksOfDeletedUsers(Database db, LinkChanges links, LinkImportFiles imports) : IEventHandler
{
    private const int Batch = 200;

    internal static readonly HandlerName HandlerName = new("links.user_deleted", UserDeleted.Type);

    public HandlerName Name => HandlerName;

    public async Task Handle(EventEnvelope envelope, CancellationToken stop)
    {
        var owner = envelope.Read<UserDeleted>().UserId;
        while (await InOneWrite(owner, stop) > 0)
        {
            // Short writes, so that nobody waits for a long one.
        }
        await db.Write(sql => sql.Execute("DELETE FROM link_samples WHERE owner_id = @owner", new { owner }), stop);
        await imports.ForgetAllOf(owner, stop);
    }

    private Task<int> InOneWrite(long owner, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var found = await sql.Query<LinkRow>(
                    $"""
                    SELECT {LinkRow.Columns} FROM links
                    WHERE owner_id = @owner AND deleted_at IS NULL AND archived_at IS NULL
                    UNION ALL
                    SELECT {LinkRow.Columns} FROM links
                    WHERE owner_id = @owner AND deleted_at IS NULL AND archived_at IS NOT NULL
                    LIMIT @Batch
                    """,
                    new { owner, Batch }
                );
                foreach (var link in found)
                {
                    if (link.Visibility == Visibility.Private)
                    {
                        await links.Remove(sql, link);
                    }
                    await sql.Execute("UPDATE links SET owner_id = NULL WHERE id = @Id", new { link.Id });
                }
                return found.Count;
            },
            stop
        );
}
