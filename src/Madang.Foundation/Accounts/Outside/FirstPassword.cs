using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>The first password of an account that came in through a provider.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record FirstPasswordInput
{
    /// <summary>The e-mail to sign in with; only an account without one takes it.</summary>
    [Email]
    public string? Email { get; init; }

    /// <summary>The password: 8 to 256 characters, kept exactly as typed.</summary>
    [Needed, Longest(256)]
    public string? NewPassword { get; init; }
}

/// <summary>
/// Sets a password where there is none. Nothing old can be asked for, so the proof is that he has just come in: who finds an open browser
/// later can't make himself a key to the account.
/// </summary>
internal sealed class FirstPassword(AccountStore accounts, UserManager<User> identity)
{
    /// <returns>Null when it is set, otherwise why not.</returns>
    internal async Task<Refused?> Set(FirstPasswordInput input, Client client, CurrentUser me, CancellationToken stop)
    {
        if (await accounts.Find(me.Id, stop) is not { } before)
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        foreach (var validator in identity.PasswordValidators)
        {
            if (!(await validator.ValidateAsync(identity, before, input.NewPassword)).Succeeded)
            {
                return Refused.Field("new_password", "sign_up.weak_password");
            }
        }
        var hash = identity.PasswordHasher.HashPassword(before, input.NewPassword!);
        // Its sentence is made out here, in the language of the request: the write runs on a thread of its own.
        Func<Refused>? refusal = null;
        var outcome = await accounts.Update(
            me.Id,
            async (sql, user) =>
            {
                refusal = await Refusal(sql, user, input, me);
                if (refusal is not null)
                {
                    return Change.Stale;
                }
                user.Email ??= Fold.Clean(input.Email!);
                await NewPassword.Set(sql, user, hash, me.SessionId, SignInRecords.FirstPassword, client);
                return Change.Done;
            },
            stop
        );
        return outcome == Change.Done ? null : refusal?.Invoke() ?? outcome.Refusal();
    }

    private static async Task<Func<Refused>?> Refusal(Sql sql, User user, FirstPasswordInput input, CurrentUser me)
    {
        if (user.PasswordHash is not null)
        {
            return () => new Refused(StatusCodes.Status409Conflict, "connections.has_password");
        }
        if (me.SessionId is not { } session || !await SessionStore.IsFresh(sql, session))
        {
            return () => new Refused(StatusCodes.Status403Forbidden, "connections.not_fresh");
        }
        if (user.Email is null && string.IsNullOrWhiteSpace(input.Email))
        {
            return () => Refused.Field("email", "rule.needed");
        }
        return user.Email is null && await AccountStore.IsTaken(sql, input.Email!)
            ? () => Refused.Field("email", "sign_up.email_taken")
            : null;
    }
}
