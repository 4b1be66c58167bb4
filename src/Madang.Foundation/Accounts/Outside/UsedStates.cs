using Madang.Foundation.Data;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>
/// The states that came back from providers: each is good once, whatever process it comes back to. They are kept for longer than a
/// state lives.
/// </summary>
internal sealed class UsedStates(Database db)
{
    /// <param name="use">The random text that a state holds.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>False when it was used before.</returns>
    internal Task<bool> Use(string use, CancellationToken stop) =>
        db.Write(
            async sql =>
                await sql.Execute(
                    "INSERT INTO used_states (hash, used_at) VALUES (@Hash, @Now) ON CONFLICT (hash) DO NOTHING",
                    new { Hash = Secret.Hash(use), sql.Now }
                ) == 1,
            stop
        );
}
