using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts;

/// <summary>Deletes an account from the page: nothing can undo it, so the page asks for the password.</summary>
internal sealed class AccountDeletion(AccountStore accounts, PasswordProof proof)
{
    /// <returns>Null when the account is gone, otherwise why not.</returns>
    internal async Task<Refused?> Make(
        PasswordProofInput input,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var (owner, refused) = await proof.Ask(input, SignInRecords.AccountDeletion, http, me, stop);
        if (owner is null)
        {
            return refused;
        }
        var outcome = await accounts.Delete(me.Id, current => current.PasswordHash == owner.PasswordHash, stop);
        return outcome == Change.Done ? null : outcome.Refusal();
    }
}
