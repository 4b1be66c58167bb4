using System.Collections.Frozen;
using Madang.Foundation.Data;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>
/// The signing keys of this yard, in the database so that every process signs and reads alike. The first start makes one; a newer
/// one signs, older ones are still read until they are retired.
/// </summary>
internal sealed class SigningKeys(Database db, IOptions<SignInSettings> options, TimeProvider clock)
{
    /// <summary>A token with an unknown <c>kid</c> makes us look for new keys, but not more often than this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private FrozenDictionary<string, SigningKey> keys = FrozenDictionary<string, SigningKey>.Empty;
    private SigningKey? newest;
    private DateTimeOffset readAt;

    internal async ValueTask<SigningKey> ForSigning(CancellationToken stop)
    {
        if (newest is null || clock.GetUtcNow() - readAt > TimeSpan.FromMinutes(1))
        {
            await Read(stop);
        }
        return newest!;
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

    private async Task Read(CancellationToken stop)
    {
        var rows = await db.Read(List, stop);
        var algorithm = options.Value.Jwt.Algorithm;
        if (!rows.Exists(row => row.Algorithm == algorithm))
        {
            rows = await db.Write(sql => Make(sql, algorithm), stop);
        }
        var read = rows.ConvertAll(row => new SigningKey(row.Kid, row.Algorithm, row.Material));
        keys = read.ToFrozenDictionary(key => key.Kid);
        newest = read.Last(key => key.Algorithm == algorithm);
        readAt = clock.GetUtcNow();
    }

    /// <summary>Two processes that start at once make one key.</summary>
    private static async Task<List<Row>> Make(Sql sql, string algorithm)
    {
        await WorkspaceStore.Lock(sql);
        var rows = await List(sql);
        if (!rows.Exists(row => row.Algorithm == algorithm))
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
            rows = await List(sql);
        }
        return rows;
    }

    private static Task<List<Row>> List(Sql sql) =>
        sql.Query<Row>(
            "SELECT kid, algorithm, material FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at, kid"
        );

    private sealed record Row
    {
        public required string Kid { get; init; }
        public required string Algorithm { get; init; }
        public required byte[] Material { get; init; }
    }
}
