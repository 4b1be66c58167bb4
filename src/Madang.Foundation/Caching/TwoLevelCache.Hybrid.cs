using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;

namespace Madang.Foundation.Caching;

/// <summary>
/// The framework's calls, for values of any type. Texts and bytes are kept as they are, all else as the contract's JSON, read anew for
/// each caller; so its type stands in a source-generated context, as all that is written as JSON does.
/// </summary>
public sealed partial class TwoLevelCache
{
    /// <inheritdoc />
    public override async ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default
    )
    {
        var terms = Terms.Of(options);
        var found = terms == Terms.Usual ? Find(key) : null;
        found ??= await Ask(
            key,
            Listed(tags),
            terms,
            (Cache: this, Factory: factory, State: state),
            static async (all, stop) => all.Cache.Pack(await all.Factory(all.State, stop)),
            cancellationToken
        );
        // Nobody may compute, and there is none: the framework has it so.
        return found is null ? default! : Unpack<T>(found.Bytes);
    }

    /// <summary>Keeps a value under the versions that its tags have now: of a change since it was read this knows nothing.</summary>
    /// <inheritdoc />
    public override async ValueTask SetAsync<T>(
        string key,
        T value,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default
    )
    {
        if (!isEnabled)
        {
            return;
        }
        await Versions.Ensure(cancellationToken);
        var (terms, stamp, answer) = (Terms.Of(options), Versions.Take(Listed(tags)), new CachedAnswer(Pack(value)));
        if (terms.WritesMemory)
        {
            memory.Keep(key, stamp, answer, Until(terms.InMemory));
        }
        ToRedis(key, stamp, terms, answer);
    }

    /// <summary>
    /// Removes a value from this process and from Redis. Other processes keep theirs in memory, as the framework's own cache has it: what
    /// all of them must drop has a tag.
    /// </summary>
    /// <inheritdoc />
    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        lock (turn)
        {
            // What is being computed goes to those who wait for it, and isn't kept.
            flights.Remove(key);
            memory.Remove(key);
        }
        redis?.Remove(Versions.Yard.Version, key);
        return ValueTask.CompletedTask;
    }

    /// <summary>Raises a tag, in a write of its own: every process drops what has it.</summary>
    /// <inheritdoc />
    public override async ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) =>
        await db.Write(
            async sql =>
            {
                await Touch(sql, tag);
                return 0;
            },
            cancellationToken
        );

    private static string[] Listed(IEnumerable<string>? tags) => tags is null ? [] : tags as string[] ?? [.. tags];

    private byte[] Pack<T>(T value) =>
        value switch
        {
            byte[] bytes => bytes,
            string text => Encoding.UTF8.GetBytes(text),
            _ => JsonSerializer.SerializeToUtf8Bytes(value, json.TypeInfo<T>()),
        };

    private T Unpack<T>(byte[] bytes) =>
        typeof(T) == typeof(byte[]) ? (T)(object)bytes
        : typeof(T) == typeof(string) ? (T)(object)Encoding.UTF8.GetString(bytes)
        : JsonSerializer.Deserialize(bytes, json.TypeInfo<T>())!;
}
