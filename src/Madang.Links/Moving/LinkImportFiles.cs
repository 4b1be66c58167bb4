using Madang.Foundation.Data;
using Madang.Foundation.Files;
using Madang.Foundation.Moving;

namespace Madang.Links.Moving;

/// <summary>Lets go of the files of imports of links, and forgets the imports, and with a user where his links came from.</summary>
public sealed class LinkImportFiles(Database db, FileStore files, TimeProvider clock)
    : ImportHousekeeping(db, files, clock, LinkImportStore.Table, LinkImporting.Files)
{
    private const int MostOrigins = 1_000;

    private readonly Database db = db;

    /// <inheritdoc />
    public override async Task ForgetAllOf(long owner, CancellationToken stop)
    {
        await base.ForgetAllOf(owner, stop);
        while (
            await db.Write(
                sql =>
                    sql.Execute(
                        """
                        DELETE FROM link_origins
                        WHERE owner_id = @owner
                        AND origin IN (SELECT origin FROM link_origins WHERE owner_id = @owner LIMIT @MostOrigins)
                        """,
                        new { owner, MostOrigins }
                    ),
                stop
            ) > 0
        )
        {
            // Short writes, so that nobody waits for a long one.
        }
    }
}
