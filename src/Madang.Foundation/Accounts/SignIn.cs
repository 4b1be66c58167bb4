using Madang.Foundation.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>Signing in with e-mail and password, for the page and the call alike: the same work whether the account exists or not.</summary>
public sealed class SignIn
{
    private readonly Database db;
    private readonly AccountStore accounts;
    private readonly UserManager<User> identity;
    private readonly SignInAttempts attempts;
    private readonly AbsentUser absent;
    private readonly KnownDevices devices;

    internal SignIn(
        Database db,
        AccountStore accounts,
        UserManager<User> identity,
        SignInAttempts attempts,
        AbsentUser absent,
        KnownDevices devices
    ) =>
        (this.db, this.accounts, this.identity, this.attempts, this.absent, this.devices) = (
            db,
            accounts,
            identity,
            attempts,
            absent,
            devices
        );

    /// <summary>Checks the password and starts a session.</summary>
    internal async Task<SignInOutcome> Try(
        string email,
        string password,
        SessionKind kind,
        HttpContext http,
        CancellationToken stop
    )
    {
        var client = devices.Recognise(http, email);
        if (await attempts.Begin(email, "password", client, stop) is not { } attempt)
        {
            return new(SignInResult.MustWait, 0, 0, "");
        }
        var user = await accounts.FindByEmail(email, stop);
        var hash = user?.PasswordHash ?? absent.PasswordHash;
        var verdict = identity.PasswordHasher.VerifyHashedPassword(user ?? AbsentUser.User, hash, password);
        if (
            user is not { PasswordHash: not null, DisabledAt: null, DeletedAt: null }
            || verdict == PasswordVerificationResult.Failed
        )
        {
            await attempts.Fail(attempt, user?.Id);
            return new(SignInResult.Wrong, 0, 0, "");
        }
        var outcome = await db.Write(
            async sql =>
            {
                // Checking took a while: a password that was changed meanwhile, or an account that went, opens no session.
                if (!await AccountStore.IsUnchanged(sql, user))
                {
                    return new(SignInResult.Wrong, 0, 0, "");
                }
                await SignInAttempts.Succeed(sql, attempt, user.Id);
                var (id, token) = await SessionStore.Start(sql, user.Id, kind, client);
                return new SignInOutcome(SignInResult.SignedIn, user.Id, id, token);
            },
            stop
        );
        if (outcome.Result == SignInResult.SignedIn && kind == SessionKind.Web)
        {
            devices.Remember(http, email);
        }
        return outcome;
    }
}

/// <summary>What a try to sign in came to.</summary>
/// <param name="Result">Whether he is in.</param>
/// <param name="UserId">Who he is, once he is in.</param>
/// <param name="SessionId">His new session.</param>
/// <param name="RefreshToken">A program's first refresh token.</param>
internal sealed record SignInOutcome(SignInResult Result, long UserId, long SessionId, string RefreshToken);

internal enum SignInResult
{
    SignedIn,

    /// <summary>No such account, another password, or an account that may not sign in: the caller is not told which.</summary>
    Wrong,

    /// <summary>Too many failures lately.</summary>
    MustWait,
}

/// <summary>
/// A password hash that nobody's password has, to be checked when the e-mail is unknown: it takes as long as a real one. It is made
/// while the server starts, since the request that made it would take twice as long.
/// </summary>
internal sealed class AbsentUser(IOptions<PasswordHasherOptions> options) : IHostedService
{
    internal static readonly User User = new()
    {
        Username = "",
        SecurityStamp = "",
        Role = Roles.Member,
    };

    private readonly Task<string> hash = Task.Run(() =>
        new PasswordHasher<User>(options).HashPassword(User, Secret.New())
    );

    internal string PasswordHash => hash.GetAwaiter().GetResult();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
