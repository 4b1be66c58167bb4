using System.Collections.Frozen;
using Madang.Foundation.Data;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>
/// The signing keys of this yard, in the database so that every process signs and reads alike. The first start makes one. A new one
/// signs only after a while, so that every process has seen it before it meets a token of it; the old ones sign until then, and are
/// read until nothing that they signed lives any more.
/// </summary>
internal sealed class SigningKeys(Database db, IOptions<SignInSettings> options, TimeProvider clock)
{
    /// <summary>From a key's making until it signs: longer than <see cref="Patience"/> and than clocks of a fleet differ.</summary>
    internal static readonly TimeSpan Delay = TimeSpan.FromMinutes(1);

    /// <summary>From a key's retirement until it is removed: a token of its last minute has long expired.</summary>
    internal static readonly TimeSpan Stay = TimeSpan.FromHours(1);

    /// <summary>How old what we know may be: when we sign, and when we meet a token of a key that we don't know.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private FrozenDictionary<string, SigningKey> keys = FrozenDictionary<string, SigningKey>.Empty;
    private IReadOnlyList<Row> candidates = [];
    private DateTimeOffset readAt;

    internal async ValueTask<SigningKey> ForSigning(CancellationToken stop)
    {
        if (candidates.Count == 0 || clock.GetUtcNow() - readAt > Patience)
        {
            await Read(stop);
        }
        var ripe = clock.GetUtcNow() - Delay;
        // The very first key signs at once: there is no other.
        return (candidates.LastOrDefault(row => row.CreatedAt <= ripe) ?? candidates[0]).Key;
    }

    internal async ValueTask<SigningKey?> Find(string? kid, CancellationToken stop)
    {
        if (kid is null)
        {
            return null;
        }
        if (!keys.ContainsKey(kid) && clock.GetUtcNow() - readAt > Patience)
        {
            await Read(stop);
        }
        return keys.GetValueOrDefault(kid);
    }

    /// <summary>Makes a new key of the configured algorithm and retires all others.</summary>
    internal Task<SigningKey> Rotate(CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                await WorkspaceStore.Lock(sql);
                await sql.Execute(
                    "UPDATE signing_keys SET retired_at = @Now WHERE retired_at IS NULL",
                    new { sql.Now }
                );
                return await Insert(sql, options.Value.Jwt.Algorithm);
            },
            stop
        );

    /// <returns>All keys that tokens are still read with.</returns>
    internal async Task<List<SigningKey>> All(CancellationToken stop) =>
        (await db.Read(List, stop)).ConvertAll(row => row.Key);

    private async Task Read(CancellationToken stop)
    {
        var rows = await db.Read(List, stop);
        var algorithm = options.Value.Jwt.Algorithm;
        if (!rows.Exists(row => row.Signs(algorithm)))
        {
            rows = await db.Write(sql => Make(sql, algorithm), stop);
        }
        keys = rows.ConvertAll(row => row.Key).ToFrozenDictionary(key => key.Kid);
        // A retired one signs on while its successor ripens, and no longer: what it signs must not outlive it.
        var signing = clock.GetUtcNow() - Delay - Delay;
        candidates = rows.FindAll(row =>
            row.Signs(algorithm) || (row.Algorithm == algorithm && row.RetiredAt > signing)
        );
        readAt = clock.GetUtcNow();
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
