using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>The access tokens that we issue: a JWT of fifteen minutes that says who, and nothing that could go stale.</summary>
internal sealed class AccessTokens(SigningKeys keys, IOptions<SignInSettings> options, TimeProvider clock) : IDisposable
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>How far the clock of the machine that issued a token may be ahead of ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly JwtSettings settings = options.Value.Jwt;

    /// <summary>
    /// What was read of tokens that were found good: a program sends the same one with each of its calls, and to check the signature
    /// takes longer than all else before its endpoint. Key and time are looked at each time.
    /// </summary>
    private readonly MemoryCache good = new(new MemoryCacheOptions { SizeLimit = 5_000 });

    /// <summary>The key for <see cref="Issue"/>, to be had before anything is done that a failure to read it would leave half done.</summary>
    internal ValueTask<SigningKey> Key(CancellationToken stop) => keys.ForSigning(stop);

    internal string Issue(SigningKey key, long userId)
    {
        var now = clock.GetUtcNow();
        using var claims = new MemoryStream();
        using (var json = new Utf8JsonWriter(claims))
        {
            json.WriteStartObject();
            json.WriteString("sub", userId.ToString(CultureInfo.InvariantCulture));
            json.WriteString("iss", settings.Issuer);
            json.WriteString("aud", settings.Audience);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
            json.WriteString("jti", Guid.CreateVersion7(now).ToString("N"));
            json.WriteEndObject();
        }
        return Jwt.Sign(key, claims.ToArray());
    }

    /// <returns>Whose token it is and since when, or null when it is not one of ours or its time is not now.</returns>
    internal async ValueTask<(long UserId, DateTimeOffset IssuedAt)?> Read(string token, CancellationToken stop)
    {
        if (!good.TryGetValue(token, out Claims? claims))
        {
            claims = await Verify(token, stop);
            if (claims is null)
            {
                return null;
            }
            good.Set(
                token,
                claims,
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime }
            );
        }
        var now = clock.GetUtcNow();
        return now < claims!.End && claims.Begin <= now + Skew && await keys.Find(claims.Kid, stop) is not null
            ? (claims.UserId, claims.IssuedAt)
            : null;
    }

    /// <returns>What <see cref="Read"/> would return, where that needs no look at anything; else null.</returns>
    internal (long UserId, DateTimeOffset IssuedAt)? Known(string token)
    {
        var now = clock.GetUtcNow();
        return
            good.TryGetValue(token, out Claims? claims)
            && now < claims!.End
            && claims.Begin <= now + Skew
            && keys.IsKnown(claims.Kid)
            ? (claims.UserId, claims.IssuedAt)
            : null;
    }

    /// <inheritdoc />
    public void Dispose() => good.Dispose();

    /// <returns>What a token of ours says, whatever the time; null when we did not sign it.</returns>
    private async ValueTask<Claims?> Verify(string token, CancellationToken stop)
    {
        var kid = Jwt.Kid(token);
        var key = kid is null ? null : await keys.Find(kid, stop);
        if (
            key is null
            || Jwt.Verify(token, key) is not { } claims
            || Jwt.Text(claims, "iss") != settings.Issuer
            || !Jwt.IsFor(claims, settings.Audience)
            || !long.TryParse(Jwt.Text(claims, "sub"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || Jwt.Time(claims, "exp") is not { } end
            || Jwt.Time(claims, "iat") is not { } issued
        )
        {
            return null;
        }
        var exactly = ToTheMillisecond(Jwt.Text(claims, "jti")) ?? issued;
        if (!claims.TryGetProperty("nbf", out _))
        {
            return new(id, kid!, issued, end, exactly);
        }
        return Jwt.Time(claims, "nbf") is { } begin
            ? new(id, kid!, begin > issued ? begin : issued, end, exactly)
            : null;
    }

    /// <summary>An id of ours begins with its time, in milliseconds (RFC 9562, 5.7); <c>iat</c> has whole seconds.</summary>
    private static DateTimeOffset? ToTheMillisecond(string? id) =>
        id?.Length == 32
        && long.TryParse(id.AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private sealed record Claims(
        long UserId,
        string Kid,
        DateTimeOffset Begin,
        DateTimeOffset End,
        DateTimeOffset IssuedAt
    );
}
