using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Foundation.Mail;

/// <summary>A forgotten password: a link is mailed, and whoever has it sets a new one. For the pages and the calls alike.</summary>
public sealed class PasswordReset
{
    private readonly Database db;
    private readonly AccountStore accounts;
    private readonly MailedLinkStore links;
    private readonly Mailer mailer;
    private readonly UserManager<User> identity;
    private readonly KnownDevices devices;
    private readonly TakeOver takeOver;

    internal PasswordReset(
        Database db,
        AccountStore accounts,
        MailedLinkStore links,
        Mailer mailer,
        UserManager<User> identity,
        KnownDevices devices,
        TakeOver takeOver
    ) =>
        (this.db, this.accounts, this.links, this.mailer, this.identity, this.devices, this.takeOver) = (
            db,
            accounts,
            links,
            mailer,
            identity,
            devices,
            takeOver
        );

    internal bool IsOn => mailer.IsOn;

    /// <summary>Asks for a link; whether the address has an account shows neither in what is done here nor in how long it takes.</summary>
    /// <returns>Null, or that this yard sends no mail.</returns>
    internal async Task<Refused?> Ask(string email, string language, CancellationToken stop)
    {
        if (!mailer.IsOn)
        {
            return new Refused(StatusCodes.Status409Conflict, "mail.off");
        }
        await db.Write(
            async sql =>
            {
                var user = await AccountStore.FindByEmail(sql, email) is { DisabledAt: null } found ? found : null;
                await MailedLinkStore.Ask(sql, MailedLinkStore.PasswordReset, user?.Email ?? email, user?.Id, language);
                return true;
            },
            stop
        );
        return null;
    }

    /// <returns>Whether a link may still be used; asking uses nothing up, since scanners of mail follow links.</returns>
    internal async Task<bool> IsGood(string? token, CancellationToken stop) =>
        token is not null && await links.Find(token, MailedLinkStore.PasswordReset, stop) is not null;

    /// <summary>Sets the new password: all sessions end, and so do all other links of this kind (<see cref="NewPassword"/>).</summary>
    /// <returns>Null when it is set, otherwise why not.</returns>
    internal async Task<Refused?> Set(NewPasswordInput input, HttpContext http, CancellationToken stop)
    {
        var link = await links.Find(input.Token!, MailedLinkStore.PasswordReset, stop);
        if (link is null || await accounts.Find(link.UserId, stop) is not { } before)
        {
            return Refused.Field("token", "mail.link_over");
        }
        foreach (var validator in identity.PasswordValidators)
        {
            if (!(await validator.ValidateAsync(identity, before, input.NewPassword)).Succeeded)
            {
                return Refused.Field("new_password", "sign_up.weak_password");
            }
        }
        var (client, language) = (Client.Of(http), MailEndpoints.Language);
        var hash = identity.PasswordHasher.HashPassword(before, input.NewPassword!);
        var outcome = await accounts.Update(
            link.UserId,
            async (sql, user) =>
            {
                // Hashing took a while: the link may have been used by now, or the address changed.
                if (!await MailedLinkStore.Use(sql, input.Token!, MailedLinkStore.PasswordReset))
                {
                    return Change.Missing;
                }
                if (user.EmailVerifiedAt is null || user.IsShownApart)
                {
                    (user.EmailVerifiedAt, user.IsShownApart) = (user.EmailVerifiedAt ?? sql.Now, false);
                    await takeOver.Do(sql, user, client, language);
                }
                await NewPassword.Set(sql, user, hash, null, SignInRecords.PasswordReset, client);
                return Change.Done;
            },
            stop
        );
        if (outcome != Change.Done)
        {
            return Refused.Field("token", "mail.link_over");
        }
        // Whoever guessed at the old password may have made this network wait; the owner is known here from now on, and need not.
        devices.Remember(http, link.Email);
        return null;
    }
}
