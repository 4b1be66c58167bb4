using Madang.Foundation.Data;

namespace Madang.Links.Following;

/// <summary>The visits that a limited link has left. The database counts them, so that it is exact for all processes together.</summary>
public sealed class Uses(Database db)
{
    /// <summary>Takes one of the visits that are left.</summary>
    /// <returns>False when none is.</returns>
    internal Task<bool> Take(long link, CancellationToken stop) =>
        db.Write(
            async sql =>
                await sql.Execute(
                    """
                    UPDATE links SET visits = visits + 1
                    WHERE id = @link AND deleted_at IS NULL AND (max_visits IS NULL OR visits < max_visits)
                    """,
                    new { link }
                ) == 1,
            stop
        );

    internal Task<bool> AreLeft(long link, CancellationToken stop) =>
        db.Read(
            async sql =>
                await sql.First<long?>(
                    """
                    SELECT id FROM links
                    WHERE id = @link AND deleted_at IS NULL AND (max_visits IS NULL OR visits < max_visits)
                    """,
                    new { link }
                )
                    is not null,
            stop
        );
}
