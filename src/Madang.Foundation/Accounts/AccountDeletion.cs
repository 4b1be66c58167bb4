using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Foundation.Accounts;

/// <summary>The proof that who deletes an account on the page is its owner.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record DeletionInput
{
    /// <summary>The account's password.</summary>
    [Needed, Longest(256)]
    public string? Password { get; init; }
}

/// <summary>Deletes an account from the page: nothing can undo it, so the page asks for the password, and counts failed tries.</summary>
internal sealed class AccountDeletion(
    AccountStore accounts,
    UserManager<User> identity,
    SignInAttempts attempts,
    KnownDevices devices
)
{
    /// <returns>Null when the account is gone, otherwise why not.</returns>
    internal async Task<Refused?> Make(DeletionInput input, HttpContext http, CurrentUser me, CancellationToken stop)
    {
        if (await accounts.Find(me.Id, stop) is not { Email: { } email } user)
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        if (await attempts.Begin(email, "account_deletion", devices.Recognise(http, email), stop) is not { } attempt)
        {
            http.Response.Headers.RetryAfter = RateLimits.Seconds(SignInAttempts.Window);
            return new Refused(StatusCodes.Status429TooManyRequests, "sign_in.must_wait");
        }
        if (!await identity.CheckPasswordAsync(user, input.Password!))
        {
            await attempts.Fail(attempt, me.Id);
            return Refused.Field("password", "password.wrong");
        }
        await attempts.Succeed(attempt, me.Id, stop);
        var outcome = await accounts.Delete(me.Id, current => current.PasswordHash == user.PasswordHash, stop);
        return outcome == Change.Done ? null : outcome.Refusal();
    }
}
