using Madang.Foundation.Data;
using Madang.Foundation.Files;

namespace Madang.Foundation.Moving;

/// <summary>
/// The files of a room's imports, which only pass through. A member has one here at a time, and one that nobody goes on with goes after an
/// hour; the rows stay for thirty days, and tell what came of them.
/// </summary>
/// <param name="db">The database.</param>
/// <param name="files">Where the files pass through.</param>
/// <param name="clock">The clock that ages are told by.</param>
/// <param name="table">The room's table of imports (<see cref="ImportRows"/>).</param>
/// <param name="room">The folder of its files.</param>
public abstract class ImportHousekeeping(Database db, FileStore files, TimeProvider clock, string table, string room)
    : IHousework
{
    private static readonly TimeSpan Stay = TimeSpan.FromHours(1);
    private static readonly TimeSpan StayOfRows = TimeSpan.FromDays(30);

    private readonly FileStore passing = files.Passing;

    /// <inheritdoc />
    public async Task Tidy(CancellationToken stop)
    {
        for (var gone = new List<string> { "" }; gone.Count > 0; )
        {
            gone = await db.Write(sql => ImportRows.LetGo(sql, table, clock.GetUtcNow() - Stay), stop);
            gone.ForEach(Remove);
        }
        while (await db.Write(sql => ImportRows.Forget(sql, table, clock.GetUtcNow() - StayOfRows), stop) > 0)
        {
            // Short writes, so that nobody waits for a long one.
        }
        // A day old: no row names it any more.
        foreach (var left in passing.Left(room).Concat(passing.Old(room)))
        {
            Remove(left);
        }
    }

    /// <summary>Takes away all that is known of a user's imports; doing it twice does nothing more.</summary>
    public virtual async Task ForgetAllOf(long owner, CancellationToken stop)
    {
        for (var gone = new List<string?> { null }; gone.Count > 0; )
        {
            gone = await db.Write(sql => ImportRows.ForgetSomeOf(sql, table, owner), stop);
            // One that is left by a kill is a day old some time: the housework finds it.
            gone.OfType<string>().ToList().ForEach(Remove);
        }
    }

    private void Remove(string name) => passing.Remove(room, name);
}
