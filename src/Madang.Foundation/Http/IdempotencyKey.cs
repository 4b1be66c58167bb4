using Madang.Foundation.Data;

namespace Madang.Foundation.Http;

/// <summary>One client's key on one route, and every line of SQL about what was answered under it.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="Method">Of the request.</param>
/// <param name="Path">Of the request.</param>
/// <param name="Key">As the client gave it.</param>
/// <param name="BodyHash">The SHA-256 of the query and the body.</param>
internal sealed record IdempotencyKey(long UserId, string Method, string? Path, string Key, byte[] BodyHash)
{
    private const string Mine = "user_id = @UserId AND method = @Method AND path = @Path AND key = @Key";

    /// <returns>What was answered under it within a day, or null.</returns>
    internal Task<Stored?> Find(Sql sql) =>
        sql.First<Stored>(
            $"""
            SELECT body_hash, status, location, body FROM idempotency_keys
            WHERE {Mine} AND created_at >= @Forgotten
            """,
            Bound(sql)
        );

    /// <summary>Takes the key, or finds who took it: a second request waits here for the first one's end.</summary>
    internal async Task<Stored?> TakeOrFind(Sql sql)
    {
        await sql.Execute($"DELETE FROM idempotency_keys WHERE {Mine} AND created_at < @Forgotten", Bound(sql));
        var isNew =
            await sql.Execute(
                sql.For(
                    """
                    INSERT INTO idempotency_keys (user_id, method, path, key, body_hash, status, body, created_at)
                    VALUES (@UserId, @Method, @Path, @Key, @BodyHash, 0, x'', @Now)
                    ON CONFLICT DO NOTHING
                    """,
                    """
                    INSERT INTO idempotency_keys (user_id, method, path, key, body_hash, status, body, created_at)
                    VALUES (@UserId, @Method, @Path, @Key, @BodyHash, 0, '', @Now)
                    ON CONFLICT DO NOTHING
                    """
                ),
                Bound(sql)
            ) == 1;
        return isNew
            ? null
            : await sql.Single<Stored>(
                $"SELECT body_hash, status, location, body FROM idempotency_keys WHERE {Mine}",
                this
            );
    }

    /// <summary>Keeps the answer.</summary>
    internal Task<int> Keep(Sql sql, Answer answer) =>
        sql.Execute(
            $"UPDATE idempotency_keys SET status = @Status, location = @Location, body = @Body WHERE {Mine}",
            new
            {
                UserId,
                Method,
                Path,
                Key,
                answer.Status,
                answer.Location,
                answer.Body,
            }
        );

    private object Bound(Sql sql) =>
        new
        {
            UserId,
            Method,
            Path,
            Key,
            BodyHash,
            sql.Now,
            Forgotten = sql.Now - Once.Memory,
        };

    /// <summary>What was answered.</summary>
    internal sealed record Stored
    {
        public required byte[] BodyHash { get; init; }
        public required int Status { get; init; }
        public string? Location { get; init; }
        public required byte[] Body { get; init; }
    }
}
