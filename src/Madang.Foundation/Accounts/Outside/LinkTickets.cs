using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>
/// Leave to link a provider, in the address of the link on one's own page. A form can't do it, since the Content-Security-Policy lets
/// no form end at a provider; and without a ticket any page on the web could send a member there, and get a stranger's identity linked.
/// It is made for who has just signed in or given his password: who finds an open browser later makes himself no way in.
/// </summary>
internal sealed class LinkTickets(IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector protector = protection.CreateProtector("Madang.LinkTickets");

    /// <returns>A ticket that is good for as long as a sign-in counts as fresh.</returns>
    internal string Make(string provider, CurrentUser me) =>
        protector.Protect($"{(clock.GetUtcNow() + SessionStore.Fresh).UtcTicks} {Text(provider, me)}");

    /// <returns>Whether it was made for this user in this web session, and for this provider.</returns>
    internal bool IsFor(string ticket, string provider, CurrentUser? me)
    {
        try
        {
            return me is { Way: SignInWay.Cookie }
                && protector.Unprotect(ticket).Split(' ', 2) is [var end, var text]
                && long.Parse(end, CultureInfo.InvariantCulture) > clock.GetUtcNow().UtcTicks
                && text == Text(provider, me);
        }
        catch (CryptographicException)
        {
            // Forged.
            return false;
        }
    }

    private static string Text(string provider, CurrentUser me) =>
        string.Create(CultureInfo.InvariantCulture, $"{provider} {me.Id} {me.SessionId}");
}
