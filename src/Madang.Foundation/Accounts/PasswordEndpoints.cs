using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>The old password and the new one.</summary>
public sealed record PasswordInput
{
    /// <summary>The password as it is.</summary>
    [Needed, Longest(256)]
    public string? CurrentPassword { get; init; }

    /// <summary>The password to be: 8 to 256 characters, kept exactly as typed.</summary>
    [Needed, Longest(256)]
    public string? NewPassword { get; init; }
}

/// <summary>Changing one's password.</summary>
public static class PasswordEndpoints
{
    internal static void MapPassword(this RouteGroupBuilder api) =>
        api.MapPut("/users/me/password", ChangePassword).ForOwnSignIns().RequireRateLimiting(RateLimits.SignIn);

    /// <summary>Changes one's password and ends all other sessions and refresh tokens.</summary>
    public static async Task<Results<NoContent, Refused>> ChangePassword(
        PasswordInput input,
        Precondition ifMatch,
        PasswordChange passwords,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) => await passwords.Make(input, ifMatch, http, me, stop) is { } refused ? refused : TypedResults.NoContent();
}

/// <summary>Changes a password, for the page and the call alike.</summary>
public sealed class PasswordChange
{
    private readonly AccountStore accounts;
    private readonly UserManager<User> identity;
    private readonly SignInAttempts attempts;
    private readonly KnownDevices devices;

    internal PasswordChange(
        AccountStore accounts,
        UserManager<User> identity,
        SignInAttempts attempts,
        KnownDevices devices
    ) => (this.accounts, this.identity, this.attempts, this.devices) = (accounts, identity, attempts, devices);

    /// <returns>Null when it is changed, otherwise why not.</returns>
    internal async Task<Refused?> Make(
        PasswordInput input,
        Precondition ifMatch,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await accounts.Find(me.Id, stop) is not { Email: { } email, PasswordHash: not null } before)
        {
            return Refused.Field("current_password", "password.none");
        }
        foreach (var validator in identity.PasswordValidators)
        {
            if (!(await validator.ValidateAsync(identity, before, input.NewPassword)).Succeeded)
            {
                return Refused.Field("new_password", "sign_up.weak_password");
            }
        }
        // Who found an open browser must not guess the password here either.
        var client = devices.Recognise(http, email);
        if (await attempts.Begin(email, SignInRecords.PasswordChange, client, stop) is not { } attempt)
        {
            http.Response.Headers.RetryAfter = RateLimits.Seconds(SignInAttempts.Window);
            return new Refused(StatusCodes.Status429TooManyRequests, "sign_in.must_wait");
        }
        if (!await identity.CheckPasswordAsync(before, input.CurrentPassword!))
        {
            await attempts.Fail(attempt, me.Id);
            return Change.WrongPassword.Refusal();
        }
        await attempts.Succeed(attempt, me.Id, stop);
        var hash = identity.PasswordHasher.HashPassword(before, input.NewPassword!);
        var outcome = await accounts.Update(
            me.Id,
            async (sql, user) =>
            {
                // Another change of the password may have come between: then this one's proof is stale.
                if (user.PasswordHash != before.PasswordHash || !ifMatch.Allows(UserView.Of(user)))
                {
                    return Change.Stale;
                }
                await NewPassword.Set(sql, user, hash, me.SessionId, SignInRecords.PasswordChange, client);
                return Change.Done;
            },
            stop
        );
        return outcome == Change.Done ? null : outcome.Refusal();
    }
}
