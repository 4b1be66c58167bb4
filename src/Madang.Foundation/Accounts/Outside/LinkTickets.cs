using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>
/// Leave to link a provider, in the address of the link on one's own page. A form can't do it, since the Content-Security-Policy lets
/// no form end at a provider; and without a ticket any page on the web could send a member there, and get a stranger's identity linked.
/// </summary>
internal sealed class LinkTickets(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ITimeLimitedDataProtector protector = protection
        .CreateProtector("Madang.LinkTickets")
        .ToTimeLimitedDataProtector();

    internal string Make(string provider, CurrentUser me) => protector.Protect(Text(provider, me), Lifetime);

    /// <returns>Whether it was made for this user in this web session, and for this provider.</returns>
    internal bool IsFor(string ticket, string provider, CurrentUser? me)
    {
        try
        {
            return me is { Way: SignInWay.Cookie } && protector.Unprotect(ticket) == Text(provider, me);
        }
        catch (CryptographicException)
        {
            // Forged or too old.
            return false;
        }
    }

    private static string Text(string provider, CurrentUser me) =>
        string.Create(CultureInfo.InvariantCulture, $"{provider} {me.Id} {me.SessionId}");
}
