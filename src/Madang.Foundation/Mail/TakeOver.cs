using Madang.Foundation.Accounts;
using Madang.Foundation.Accounts.Outside;
using Madang.Foundation.Accounts.Trusted;
using Madang.Foundation.Data;

namespace Madang.Foundation.Mail;

/// <summary>
/// An account whose address nobody had shown to be his may have been made by somebody else, who waits for the address's true owner to
/// use it (pre-hijacking; OWASP, Forgot Password Cheat Sheet). So when the address is shown for the first time, and not by who is
/// signed in to the account, every way in that was made before goes. The password stays, since it may well be his who confirms on another
/// device; so does what is made with it, until he sets another one by mail. What becomes of sessions and of the password is the caller's part.
/// </summary>
internal sealed class TakeOver(Providers providers, TrustedTokens trusted)
{
    internal async Task Do(Sql sql, User user, Client client, string language)
    {
        await PersonalTokenStore.RemoveAll(sql, user.Id);
        foreach (var one in await ConnectionStore.List(sql, user.Id))
        {
            if (!IsHis(one, user) && await ConnectionStore.Remove(sql, one.Id, user.Id) is { } provider)
            {
                await ConnectionNews.Tell(sql, user.Id, provider, isLinked: false, client, language);
            }
        }
    }

    /// <summary>
    /// Nobody connects an identity of a trusted issuer: it came with the account. Unless people come in through the same issuer as
    /// through a provider; then it must vouch for the account's address.
    /// </summary>
    private bool IsHis(Connection one, User user) =>
        trusted.Trusts(one.Issuer)
        && (
            !providers.All.Any(provider => provider.Settings.Issuer == one.Issuer)
            || (one.Email is { } email && user.Email is { } own && Fold.Key(email) == Fold.Key(own))
        );
}
