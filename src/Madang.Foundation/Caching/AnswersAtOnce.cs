using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Caching;

/// <summary>
/// Answers out of memory before the way of other requests begins, which takes longer than to send an answer that is finished. Only what
/// came that way before in just these words is answered so, and only to whom it would be: who calls is known, and the answer is the same for
/// all who are signed in. Whatever is not sure goes on as usual.
/// </summary>
public sealed class AnswersAtOnce
{
    /// <summary>Requests in other words are remembered no longer than this.</summary>
    private const int LongestWords = 512;

    /// <summary>So many are remembered; then all are forgotten, and come once the long way.</summary>
    private const int Most = 4_096;

    private readonly ConcurrentDictionary<Words, Way> ways = new();
    private readonly TwoLevelCache cache;
    private readonly KnownCallers callers;
    private readonly PartitionedRateLimiter<HttpContext>? limiter;
    private readonly string policy;
    private int count;

    internal AnswersAtOnce(
        TwoLevelCache cache,
        KnownCallers callers,
        IOptions<RateLimiterOptions> limits,
        IConfiguration configuration
    )
    {
        (this.cache, this.callers) = (cache, callers);
        limiter = RateLimits.AreOn(configuration) ? limits.Value.GlobalLimiter : null;
        policy = SecurityHeaders.Policy(configuration);
    }

    /// <summary>Has requests for this path answered so, once their answers are known.</summary>
    public void Use(IApplicationBuilder app, string path) =>
        app.Use((http, next) => http.Request.Path.Value == path && Answer(http) is { } sent ? sent : next(http));

    /// <returns>Null when the request goes on as usual.</returns>
    internal Task? Answer(HttpContext http)
    {
        var request = http.Request;
        if (
            !HttpMethods.IsGet(request.Method)
            // Other sites are told more in the headers.
            || request.Headers.Origin.Count > 0
            || !ways.TryGetValue(Words.Of(request), out var way)
            || callers.Of(http) is not { } caller
            || cache.Look(way.Key) is not { } answer
            || !answer.CanAnswer(request)
        )
        {
            return null;
        }
        // The limit counts by it, and the metrics by the route.
        Present.Set(http, caller);
        if (!MayAsk(http))
        {
            return null;
        }
        cache.Serve();
        http.SetEndpoint(way.Endpoint);
        SecurityHeaders.Set(http, policy);
        return answer.Write(http);
    }

    /// <summary>Remembers what a request asked for that was answered the long way.</summary>
    /// <param name="http">The request.</param>
    /// <param name="key">The key of the answer, which is the same for all who are signed in.</param>
    internal void Remember(HttpContext http, string key)
    {
        var words = Words.Of(http.Request);
        if (words.Length > LongestWords || http.GetEndpoint() is not { } endpoint)
        {
            return;
        }
        if (ways.TryAdd(words, new(key, endpoint)) && Interlocked.Increment(ref count) > Most)
        {
            Interlocked.Exchange(ref count, 0);
            ways.Clear();
        }
    }

    /// <summary>One that is too many goes on, to be told so.</summary>
    private bool MayAsk(HttpContext http)
    {
        if (limiter is null)
        {
            return true;
        }
        using var lease = limiter.AttemptAcquire(http);
        return lease.IsAcquired;
    }

    /// <summary>All of a request that its key is made of.</summary>
    private readonly record struct Words(string Scheme, string? Host, string? Base, string? Path, string? Query)
    {
        internal int Length => (Host?.Length ?? 0) + (Base?.Length ?? 0) + (Path?.Length ?? 0) + (Query?.Length ?? 0);

        internal static Words Of(HttpRequest request) =>
            new(
                request.Scheme,
                request.Host.Value,
                request.PathBase.Value,
                request.Path.Value,
                request.QueryString.Value
            );
    }

    private sealed record Way(string Key, Endpoint Endpoint);
}
