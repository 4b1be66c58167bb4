using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Foundation.Accounts;

/// <summary>The proof that who does something on a page is the owner of the account.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record PasswordProofInput
{
    /// <summary>The account's password.</summary>
    [Needed, Longest(256)]
    public string? Password { get; init; }
}

/// <summary>
/// Asks the owner of an account for his password once more, before what nothing can undo and what opens another way in. Failed tries
/// are counted as those to sign in are: who found an open browser must not guess here either.
/// </summary>
internal sealed class PasswordProof(
    AccountStore accounts,
    UserManager<User> identity,
    SignInAttempts attempts,
    KnownDevices devices
)
{
    /// <returns>The account as it was when its password was looked at; or why that was not the owner.</returns>
    internal async Task<(User? Owner, Refused? Refused)> Ask(
        PasswordProofInput input,
        string how,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await accounts.Find(me.Id, stop) is not { Email: { } email, PasswordHash: not null } user)
        {
            return (null, Refused.Field("password", "password.none"));
        }
        if (await attempts.Begin(email, how, devices.Recognise(http, email), stop) is not { } attempt)
        {
            http.Response.Headers.RetryAfter = RateLimits.Seconds(SignInAttempts.Window);
            return (null, new Refused(StatusCodes.Status429TooManyRequests, "sign_in.must_wait"));
        }
        if (!await identity.CheckPasswordAsync(user, input.Password!))
        {
            await attempts.Fail(attempt, me.Id);
            return (null, Refused.Field("password", "password.wrong"));
        }
        await attempts.Succeed(attempt, me.Id, stop);
        return (user, null);
    }
}
