using Madang.Foundation.Data;
using Microsoft.Extensions.Caching.Memory;

namespace Madang.Foundation.Accounts;

/// <inheritdoc />
internal sealed class UserDirectory(Database db, TimeProvider clock) : IUserDirectory, IDisposable
{
    /// <summary>The bound on what another process may still see after a change.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 20_000 });
    private long changes;

    public async ValueTask<KnownUser?> Find(long id, CancellationToken stop)
    {
        if (Known(id) is { } known)
        {
            return known;
        }
        var before = Interlocked.Read(ref changes);
        var user = await db.Read(
            sql =>
                sql.First<KnownUser>(
                    """
                    SELECT id, username, role, language, theme, time_zone, disabled_at, deleted_at, created_at
                    FROM users WHERE id = @id
                    """,
                    new { id }
                ),
            stop
        );
        // What was read before a change must not be kept after it.
        if (user is not null && before == Interlocked.Read(ref changes))
        {
            cache.Set(
                id,
                new Entry(user, clock.GetUtcNow() + Lifetime),
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime }
            );
        }
        return user;
    }

    /// <returns>The user, where that needs no look; null where it does.</returns>
    internal KnownUser? Known(long id) =>
        cache.TryGetValue(id, out Entry? entry) && entry!.Until > clock.GetUtcNow() ? entry.User : null;

    /// <summary>To be called after the commit that changed the user.</summary>
    internal void Forget(long id)
    {
        Interlocked.Increment(ref changes);
        cache.Remove(id);
    }

    public void Dispose() => cache.Dispose();

    private sealed record Entry(KnownUser User, DateTimeOffset Until);
}
