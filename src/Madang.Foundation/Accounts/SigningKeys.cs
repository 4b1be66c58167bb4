using System.Collections.Frozen;
using Madang.Foundation.Data;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>
/// The signing keys of this yard, in the database so that every process signs and reads alike. The first start makes one. A new one
/// signs only after a while, so that every process has seen it before it meets a token of it; the old ones sign until then, and are
/// read until nothing that they signed lives any more. What a process knows of them is never older than <see cref="Patience"/>, so
/// that a key which leaked is forgotten by all as soon as it is thrown away.
/// </summary>
internal sealed class SigningKeys(Database db, IOptions<SignInSettings> options, TimeProvider clock)
{
    /// <summary>From a key's making until it signs: longer than <see cref="Patience"/> and than clocks of a fleet differ.</summary>
    internal static readonly TimeSpan Delay = TimeSpan.FromMinutes(1);

    /// <summary>From a key's retirement until it is removed: a token of its last minute has long expired.</summary>
    internal static readonly TimeSpan Stay = TimeSpan.FromHours(1);

    /// <summary>How old what we know may be, when we sign and when we read.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private (Task<Known> Task, DateTimeOffset Since)? reading;

    private volatile Known known = new(FrozenDictionary<string, SigningKey>.Empty, [], DateTimeOffset.MinValue);

    internal async ValueTask<SigningKey> ForSigning(CancellationToken stop)
    {
        var candidates = (await Latest(stop)).Candidates;
        var ripe = clock.GetUtcNow() - Delay;
        // The very first key signs at once: there is no other.
        return (candidates.LastOrDefault(row => row.CreatedAt <= ripe) ?? candidates[0]).Key;
    }

    internal async ValueTask<SigningKey?> Find(string? kid, CancellationToken stop) =>
        kid is null ? null : (await Latest(stop)).Keys.GetValueOrDefault(kid);

    /// <returns>Whether there is such a key, as far as that is known without a look.</returns>
    internal bool IsKnown(string kid) => known is var last && !IsOver(last.ReadAt) && last.Keys.ContainsKey(kid);

    /// <summary>Makes a new key of the configured algorithm and retires all others.</summary>
    /// <param name="isLeaked">
    /// Throws the others away instead: nothing that they signed is good any more, and the new one, alone, signs at once.
    /// </param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    internal Task<SigningKey> Rotate(bool isLeaked, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                await WorkspaceStore.Lock(sql);
                await (
                    isLeaked
                        ? sql.Execute("DELETE FROM signing_keys")
                        : sql.Execute(
                            "UPDATE signing_keys SET retired_at = @Now WHERE retired_at IS NULL",
                            new { sql.Now }
                        )
                );
                return await Insert(sql, options.Value.Jwt.Algorithm);
            },
            stop
        );

    /// <returns>All keys that tokens are still read with.</returns>
    internal async Task<List<SigningKey>> All(CancellationToken stop) =>
        (await db.Read(List, stop)).ConvertAll(row => row.Key);

    private async ValueTask<Known> Latest(CancellationToken stop)
    {
        var last = known;
        return IsOver(last.ReadAt) ? await Reading().WaitAsync(stop) : last;
    }

    private bool IsOver(DateTimeOffset since) => clock.GetUtcNow() - since > Patience;

    /// <summary>
    /// One read for all who wait for it; it heeds nobody's cancellation but the database's time limit. Whoever comes when it has been
    /// under way for longer than <see cref="Patience"/> begins another, since what that one finds would be too old for him.
    /// </summary>
    private Task<Known> Reading()
    {
        lock (gate)
        {
            if (!IsOver(known.ReadAt))
            {
                return Task.FromResult(known);
            }
            if (reading is not { Task.IsCompleted: false } under || IsOver(under.Since))
            {
                // Before the read: what is told is at least as new as that.
                var now = clock.GetUtcNow();
                reading = under = (Read(now), now);
            }
            return under.Task;
        }
    }

    private async Task<Known> Read(DateTimeOffset now)
    {
        // Not under the lock.
        await Task.Yield();
        var rows = await db.Read(List, CancellationToken.None);
        var algorithm = options.Value.Jwt.Algorithm;
        if (!rows.Exists(row => row.Signs(algorithm)))
        {
            rows = await db.Write(sql => Make(sql, algorithm), CancellationToken.None);
        }
        // A retired one signs on while its successor ripens, and no longer: what it signs must not outlive it.
        var signing = now - Delay - Delay;
        var read = new Known(
            rows.ConvertAll(row => row.Key).ToFrozenDictionary(key => key.Kid),
            rows.FindAll(row => row.Signs(algorithm) || (row.Algorithm == algorithm && row.RetiredAt > signing)),
            now
        );
        lock (gate)
        {
            // Of two reads the one that began earlier may end later.
            return known = read.ReadAt > known.ReadAt ? read : known;
        }
    }

    /// <summary>Two processes that start at once make one key.</summary>
    private static async Task<List<Row>> Make(Sql sql, string algorithm)
    {
        await WorkspaceStore.Lock(sql);
        var rows = await List(sql);
        if (!rows.Exists(row => row.Signs(algorithm)))
        {
            await Insert(sql, algorithm);
            rows = await List(sql);
        }
        return rows;
    }

    private static async Task<SigningKey> Insert(Sql sql, string algorithm)
    {
        var key = SigningKey.New(algorithm);
        await sql.Execute(
            "INSERT INTO signing_keys (kid, algorithm, material, created_at) VALUES (@Kid, @Algorithm, @Material, @Now)",
            new
            {
                key.Kid,
                key.Algorithm,
                key.Material,
                sql.Now,
            }
        );
        return key;
    }

    /// <summary>Those to be removed may stand a while longer, until the housework comes; they are not read any more.</summary>
    private static Task<List<Row>> List(Sql sql) =>
        sql.Query<Row>(
            """
            SELECT kid, algorithm, material, created_at, retired_at FROM signing_keys
            WHERE retired_at IS NULL OR retired_at > @Before
            ORDER BY created_at, kid
            """,
            new { Before = sql.Now - Stay }
        );

    /// <summary>What was read last, one thing so that nobody sees half of it.</summary>
    /// <param name="Keys">Those that tokens are read with, by name.</param>
    /// <param name="Candidates">Those that may sign, the oldest first.</param>
    /// <param name="ReadAt">When.</param>
    private sealed record Known(
        FrozenDictionary<string, SigningKey> Keys,
        IReadOnlyList<Row> Candidates,
        DateTimeOffset ReadAt
    );

    private sealed record Row
    {
        public required string Kid { get; init; }
        public required string Algorithm { get; init; }
        public required byte[] Material { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? RetiredAt { get; init; }

        internal SigningKey Key => field ??= new(Kid, Algorithm, Material);

        internal bool Signs(string algorithm) => Algorithm == algorithm && RetiredAt is null;
    }
}
