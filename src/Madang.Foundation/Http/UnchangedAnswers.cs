using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;

namespace Madang.Foundation.Http;

/// <summary>
/// Remembers which ETag an answer had at which version of the data. A client that asks again with that tag, before anybody has
/// written anything, is told 304 without the answer being made a second time to be compared with the first. Nothing here can be
/// stale: any commit, of whichever process, makes the version another.
/// </summary>
internal sealed class UnchangedAnswers(Database db) : IDisposable
{
    /// <summary>A client that asks again asks for something short; longer ones would let one member fill the memory.</summary>
    private const int LongestQuery = 512;

    private readonly MemoryCache tags = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <returns>Null where nothing is remembered: routes whose answer depends on more than the data, and databases that can't tell.</returns>
    internal Question? Of(HttpContext http)
    {
        var request = http.Request;
        return
            request.Headers.IfNoneMatch.Count > 0
            && !(request.QueryString.Value?.Length > LongestQuery)
            && http.GetEndpoint()?.Metadata.GetMetadata<FromDataAlone>() is not null
            && CurrentUser.Of(http) is { } me
            && db.Version is { } version
            ? new Question(tags, new Asked(me.Id, PublicUrl.Of(http), request.Path, request.QueryString), version)
            : null;
    }

    public void Dispose() => tags.Dispose();

    /// <summary>All that such an answer depends on, besides the data.</summary>
    internal readonly record struct Asked(long UserId, string BaseUrl, PathString Path, QueryString Query);

    /// <summary>One request for an answer, and the version of the data from before it is made.</summary>
    internal sealed class Question(MemoryCache tags, Asked asked, long version)
    {
        /// <summary>The ETag that the answer has as long as nothing was written, or null when it isn't known.</summary>
        internal string? ETag =>
            tags.TryGetValue(asked, out (long Version, string ETag) last) && last.Version == version ? last.ETag : null;

        internal void Remember(string etag) =>
            tags.Set(
                asked,
                (version, etag),
                new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(10) }
            );
    }
}

/// <summary>Marks a route whose answer follows from the data, the caller and the URL: not from the time, the language or the settings.</summary>
internal sealed record FromDataAlone;
