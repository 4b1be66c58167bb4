using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>The access tokens that we issue: a JWT of fifteen minutes that says who, and nothing that could go stale.</summary>
internal sealed class AccessTokens(SigningKeys keys, IOptions<SignInSettings> options, TimeProvider clock)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>How far the clock of the machine that issued a token may be ahead of ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly JwtSettings settings = options.Value.Jwt;

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

    /// <returns>Whose token it is, or null when it is not one of ours or its time is not now.</returns>
    internal async ValueTask<long?> Read(string token, CancellationToken stop)
    {
        SigningKey? key = null;
        if (Jwt.Kid(token) is { } kid)
        {
            key = await keys.Find(kid, stop);
        }
        if (key is null || Jwt.Verify(token, key) is not { } claims)
        {
            return null;
        }
        var now = clock.GetUtcNow();
        var isOurs =
            Jwt.Text(claims, "iss") == settings.Issuer
            && Jwt.IsFor(claims, settings.Audience)
            && Jwt.Time(claims, "exp") is { } end
            && now < end
            && (!claims.TryGetProperty("nbf", out _) || Jwt.Time(claims, "nbf") <= now + Skew)
            && Jwt.Time(claims, "iat") <= now + Skew;
        return
            isOurs
            && long.TryParse(Jwt.Text(claims, "sub"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
    }
}
