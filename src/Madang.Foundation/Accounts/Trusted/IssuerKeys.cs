using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using Madang.Foundation.Accounts.Outside;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Accounts.Trusted;

/// <summary>
/// The public keys of one issuer. They are fetched when a token names one that isn't there, at most once a minute whatever many ask, and
/// again in the background when they are an hour old, so that a key which the issuer withdrew is forgotten. While the issuer can't be
/// reached, what it last said stands.
/// </summary>
internal sealed partial class IssuerKeys(
    TrustedIssuerSettings settings,
    OutsideCalls calls,
    TimeProvider clock,
    ILogger<IssuerKeys> log
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private FrozenDictionary<string, PublicKey> keys = FrozenDictionary<string, PublicKey>.Empty;
    private DateTimeOffset readAt = DateTimeOffset.MinValue;
    private DateTimeOffset triedAt = DateTimeOffset.MinValue;
    private Task reading = Task.CompletedTask;

    internal TrustedIssuerSettings Settings => settings;

    /// <returns>The key of that name, or null when the issuer has none.</returns>
    internal async ValueTask<PublicKey?> Find(string kid, CancellationToken stop)
    {
        if (keys.TryGetValue(kid, out var known))
        {
            if (clock.GetUtcNow() - readAt > Age)
            {
                _ = Read();
            }
            return known;
        }
        await Read().WaitAsync(stop);
        return keys.GetValueOrDefault(kid);
    }

    /// <summary>One fetch for all who wait for it; it heeds nobody's cancellation but its own time limit.</summary>
    private Task Read()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (reading.IsCompleted && now - triedAt >= Patience)
            {
                triedAt = now;
                reading = Fetch();
            }
            return reading;
        }
    }

    private async Task Fetch()
    {
        // Not under the lock.
        await Task.Yield();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, settings.JwksUri);
            var (status, body) = await calls.Ask(request, CancellationToken.None);
            if (
                status != HttpStatusCode.OK
                || !body.TryGetProperty("keys", out var list)
                || list.ValueKind != JsonValueKind.Array
            )
            {
                throw new OutsideException(Trouble.Rubbish, $"{settings.JwksUri} answered no keys.");
            }
            var read = new Dictionary<string, PublicKey>();
            foreach (var key in list.EnumerateArray().Select(PublicKey.Of).OfType<PublicKey>())
            {
                read.TryAdd(key.Kid, key);
            }
            keys = read.ToFrozenDictionary();
            readAt = clock.GetUtcNow();
        }
        catch (Exception error) when (error is OutsideException or InvalidOperationException)
        {
            CannotRead(log, error, settings.Issuer);
        }
    }

    [LoggerMessage(1212, LogLevel.Warning, "The keys of {Issuer} can't be read; those known stay.")]
    private static partial void CannotRead(ILogger log, Exception error, string issuer);
}
