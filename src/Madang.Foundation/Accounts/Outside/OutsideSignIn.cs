using Madang.Foundation.Data;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>
/// What becomes of somebody whom a provider names. He is known by (issuer, subject) and by nothing else: an e-mail that has an account
/// opens no door to it, or whoever controls the provider's side of an address would control the account.
/// </summary>
internal sealed class OutsideSignIn(Database db, SignUp signUp, KnownDevices devices)
{
    /// <summary>Starts a session of the account that the identity belongs to; at first sight one is made, when he may have one.</summary>
    internal async Task<Outcome> Enter(Profile profile, string? invitation, HttpContext http, CancellationToken stop)
    {
        var outcome = await db.Write(
            async sql =>
            {
                var (user, email, trouble) = await Account(sql, profile, invitation);
                if (trouble is not null)
                {
                    sql.RollBack();
                    return new Outcome(trouble, user, 0, null);
                }
                var client = email is null ? Client.Of(http) : devices.Recognise(http, email);
                await SignInAttempts.Record(sql, About(profile, email), profile.Provider, client, user, isIn: true);
                var (session, _) = await SessionStore.Start(sql, user!.Value, SessionKind.Web, client);
                return new Outcome(null, user, session, email);
            },
            stop
        );
        if (outcome is { Trouble: null, Email: { } known })
        {
            devices.Remember(http, known);
        }
        return outcome;
    }

    /// <summary>Takes down that nobody came in. Nothing that he claimed is kept but what the provider itself said.</summary>
    internal Task<int> RecordFailure(string provider, long? userId, HttpContext http, CancellationToken stop) =>
        db.Write(sql => SignInAttempts.Record(sql, provider, provider, Client.Of(http), userId, isIn: false), stop);

    /// <summary>Makes the identity one more way into an account.</summary>
    /// <returns>What keeps it from that, or null.</returns>
    internal Task<Trouble?> Link(
        Profile profile,
        Client client,
        string language,
        CurrentUser me,
        CancellationToken stop
    ) =>
        db.Write<Trouble?>(
            async sql =>
            {
                await sql.MustStand(me.Id);
                if (await ConnectionStore.Add(sql, profile, me.Id))
                {
                    await ConnectionNews.Tell(sql, me.Id, profile.Provider, isLinked: true, client, language);
                    return null;
                }
                return (await ConnectionStore.Find(sql, profile))?.UserId == me.Id ? null : Trouble.LinkedElsewhere;
            },
            stop
        );

    private async Task<(long? User, string? Email, Trouble? Trouble)> Account(
        Sql sql,
        Profile profile,
        string? invitation
    )
    {
        if (await ConnectionStore.Use(sql, profile) is { } known)
        {
            return Enabled(known);
        }
        // Two that see the same person for the first time go one by one, and the second finds what the first made.
        await WorkspaceStore.Lock(sql);
        if (await ConnectionStore.Find(sql, profile) is { } made)
        {
            return Enabled(made);
        }
        // The first account rules the yard: it is made on the page, by who sits at the machine or has the set-up code.
        if (!await WorkspaceStore.HasUsers(sql))
        {
            return (null, null, Trouble.First);
        }
        var user = NewUser(profile);
        return await signUp.Admit(sql, user, invitation) switch
        {
            Admission.Closed => (null, null, Trouble.Closed),
            Admission.BadInvitation => (null, null, Trouble.BadInvitation),
            Admission.EmailTaken => (null, null, Trouble.EmailTaken),
            _ => await ConnectionStore.Add(sql, profile, user.Id)
                ? (user.Id, user.Email, null)
                : throw new InvalidOperationException("An identity came while nobody could make one."),
        };
    }

    /// <returns>An account without a password, for whom an issuer names.</returns>
    internal static User NewUser(Profile profile) =>
        new()
        {
            Email = profile.Email,
            Username = profile.Username,
            SecurityStamp = Secret.New(),
            Role = Roles.Member,
        };

    /// <returns>Of an account with an e-mail that, so that its owner's networks are known; or else the identity.</returns>
    internal static string About(Profile profile, string? email) => email ?? $"{profile.Issuer} {profile.Subject}";

    private static (long?, string?, Trouble?) Enabled(Known known) =>
        (known.UserId, known.Email, known.IsEnabled ? null : Trouble.Disabled);
}

/// <summary>What a sign-in through a provider came to.</summary>
/// <param name="Trouble">What kept him out, or null.</param>
/// <param name="UserId">Who he is, when that is known.</param>
/// <param name="SessionId">His new session.</param>
/// <param name="Email">His account's e-mail.</param>
internal sealed record Outcome(Trouble? Trouble, long? UserId, long SessionId, string? Email);
