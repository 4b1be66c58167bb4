using System.Text.Json;
using Madang.Foundation.Accounts.Outside;
using Madang.Foundation.Data;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Accounts.Trusted;

/// <summary>
/// Bearer tokens of trusted outside issuers, as an AWS Cognito user pool issues them: ID tokens with our client in <c>aud</c>, access
/// tokens with it in <c>client_id</c>. Whoever the issuer vouches for is made a user at first sight.
/// </summary>
internal sealed partial class TrustedTokens
{
    /// <summary>How far the issuer's clock may be ahead of ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, IssuerKeys> issuers;
    private readonly Database db;
    private readonly TimeProvider clock;
    private readonly ILogger<TrustedTokens> log;

    public TrustedTokens(
        IReadOnlyList<TrustedIssuerSettings> configured,
        OutsideCalls calls,
        Database db,
        TimeProvider clock,
        ILogger<IssuerKeys> keysLog,
        ILogger<TrustedTokens> log
    )
    {
        (this.db, this.clock, this.log) = (db, clock, log);
        issuers = configured.ToDictionary(one => one.Issuer, one => new IssuerKeys(one, calls, clock, keysLog));
    }

    internal bool Trusts(string issuer) => issuers.ContainsKey(issuer);

    /// <returns>Whose token it is, or null when no trusted issuer signed it for us, its time is not now, or its user may not come in.</returns>
    internal async ValueTask<long?> Read(string token, Client client, CancellationToken stop)
    {
        if (
            issuers.Count == 0
            || Jwt.Kid(token) is not { } kid
            || Jwt.ClaimedIssuer(token) is not { } issuer
            || issuers.GetValueOrDefault(issuer) is not { } keys
            || await keys.Find(kid, stop) is not { } key
            || Jwt.Verify(token, key) is not { } claims
            || !IsForUs(claims, keys.Settings)
            || Profile.Subjected(Jwt.Text(claims, "sub")) is not { } subject
        )
        {
            return null;
        }
        var isVerified = OutsideCalls.IsTrue(claims, "email_verified");
        var email = isVerified ? Profile.Mail(Jwt.Text(claims, "email")) : null;
        var place = Uri.TryCreate(issuer, UriKind.Absolute, out var url) ? url.Host : issuer;
        var names = Names.Select(name => Jwt.Text(claims, name));
        var profile = new Profile(place, issuer, subject, email, Profile.Called(names, email, place));
        if (await db.Read(sql => ConnectionStore.Find(sql, profile), stop) is not { } known)
        {
            return await Meet(profile, client, stop);
        }
        if (known.IsStale(clock.GetUtcNow()))
        {
            // An access token tells no e-mail: what the issuer said of it before stands.
            var last = claims.TryGetProperty("email", out _) ? email : known.IdentityEmail;
            await NoteUse(profile with { Email = last }, stop);
        }
        return Enabled(known);
    }

    /// <summary>In the order in which they suit a username; Cognito's own come last, since it often makes them up.</summary>
    private static readonly string[] Names = ["name", "nickname", "preferred_username", "cognito:username", "username"];

    private bool IsForUs(JsonElement claims, TrustedIssuerSettings settings)
    {
        var now = clock.GetUtcNow();
        var isForUs = Jwt.Text(claims, "token_use") switch
        {
            "id" => Jwt.IsFor(claims, settings.Audience),
            "access" => Jwt.Text(claims, "client_id") == settings.Audience,
            _ => false,
        };
        return isForUs
            && Jwt.Text(claims, "iss") == settings.Issuer
            && Jwt.Time(claims, "exp") is { } end
            && now < end
            && IsPast(claims, "nbf", now)
            && IsPast(claims, "iat", now);
    }

    /// <returns>Whether a time is past, or left out.</returns>
    private static bool IsPast(JsonElement claims, string name, DateTimeOffset now) =>
        !claims.TryGetProperty(name, out _) || Jwt.Time(claims, name) <= now + Skew;

    /// <summary>A full disk must not keep a token from reading: then its use goes unnoted.</summary>
    private async Task NoteUse(Profile profile, CancellationToken stop)
    {
        try
        {
            await db.Write(sql => ConnectionStore.Use(sql, profile), stop);
        }
        catch (DatabaseUnavailableException error)
        {
            CannotNote(log, error);
        }
    }

    [LoggerMessage(1213, LogLevel.Warning, "When an outside identity was used can't be noted now.")]
    private static partial void CannotNote(ILogger log, Exception error);

    /// <summary>
    /// Makes his account at first sight: the issuer decides who may, not whether sign-up is open. Only the
    /// first account of a yard, which rules it, is made on the page.
    /// </summary>
    private Task<long?> Meet(Profile profile, Client client, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                // A burst of first calls goes one by one, and all but the first find him here.
                await WorkspaceStore.Lock(sql);
                if (await ConnectionStore.Find(sql, profile) is { } made)
                {
                    return Enabled(made);
                }
                if (!await WorkspaceStore.HasUsers(sql))
                {
                    return null;
                }
                var user = OutsideSignIn.NewUser(profile);
                // An e-mail that has an account stays that account's.
                if (user.Email is { } email && await AccountStore.IsTaken(sql, email))
                {
                    user.Email = null;
                }
                await AccountStore.Insert(sql, user);
                await ConnectionStore.Add(sql, profile, user.Id);
                await SignInAttempts.Record(
                    sql,
                    OutsideSignIn.About(profile, user.Email),
                    profile.Provider,
                    client,
                    user.Id,
                    isIn: true
                );
                return user.Id;
            },
            stop
        );

    private static long? Enabled(Known known) => known.IsEnabled ? known.UserId : null;
}
