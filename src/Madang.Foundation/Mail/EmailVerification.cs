using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Foundation.Mail;

/// <summary>
/// Shows by a mailed link that an address is its user's: after sign-up, when he asks for it, and before a new address takes the
/// place of the old. For the pages and the calls alike.
/// </summary>
public sealed class EmailVerification
{
    private readonly AccountStore accounts;
    private readonly MailedLinkStore links;
    private readonly Mailer mailer;
    private readonly UserManager<User> identity;
    private readonly SignInAttempts attempts;
    private readonly KnownDevices devices;
    private readonly TakeOver takeOver;

    internal EmailVerification(
        AccountStore accounts,
        MailedLinkStore links,
        Mailer mailer,
        UserManager<User> identity,
        SignInAttempts attempts,
        KnownDevices devices,
        TakeOver takeOver
    ) =>
        (this.accounts, this.links, this.mailer, this.identity, this.attempts, this.devices, this.takeOver) = (
            accounts,
            links,
            mailer,
            identity,
            attempts,
            devices,
            takeOver
        );

    internal bool IsOn => mailer.IsOn;

    /// <summary>Asks for a link to the address that is not verified yet: the new one, else the account's own.</summary>
    /// <returns>Null when it is on its way or there is nothing to verify, otherwise why not.</returns>
    internal async Task<Refused?> Ask(CurrentUser me, string language, CancellationToken stop)
    {
        if (!mailer.IsOn)
        {
            return new Refused(StatusCodes.Status409Conflict, "mail.off");
        }
        var outcome = await accounts.Update(
            me.Id,
            async (sql, user) =>
            {
                if ((user.NewEmail ?? (user.EmailVerifiedAt is null ? user.Email : null)) is { } open)
                {
                    await MailedLinkStore.Ask(sql, MailedLinkStore.EmailVerification, open, user.Id, language);
                }
                return Accounts.Change.Done;
            },
            stop
        );
        return outcome == Accounts.Change.Done ? null : outcome.Refusal();
    }

    /// <summary>Takes down a new address, which counts once its owner has followed the link that is mailed to it.</summary>
    /// <returns>Null when it is taken down, otherwise why not.</returns>
    internal async Task<Refused?> Change(
        EmailInput input,
        Precondition ifMatch,
        string language,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await accounts.Find(me.Id, stop) is not { Email: { } email } before)
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        if (!ifMatch.Allows(UserView.Of(before)))
        {
            return Accounts.Change.Stale.Refusal();
        }
        if (!mailer.IsOn)
        {
            return new Refused(StatusCodes.Status409Conflict, "mail.off");
        }
        if (await attempts.Begin(email, "email_change", devices.Recognise(http, email), stop) is not { } attempt)
        {
            http.Response.Headers.RetryAfter = RateLimits.Seconds(SignInAttempts.Window);
            return new Refused(StatusCodes.Status429TooManyRequests, "sign_in.must_wait");
        }
        if (!await identity.CheckPasswordAsync(before, input.CurrentPassword!))
        {
            await attempts.Fail(attempt, me.Id);
            return Accounts.Change.WrongPassword.Refusal();
        }
        await attempts.Succeed(attempt, me.Id, stop);
        var wanted = Fold.Clean(input.Email!);
        var isTaken = false;
        var outcome = await accounts.Update(
            me.Id,
            async (sql, user) =>
            {
                isTaken = false;
                if (user.PasswordHash != before.PasswordHash || !ifMatch.Allows(UserView.Of(user)))
                {
                    return Accounts.Change.Stale;
                }
                if (await AccountStore.FindByEmail(sql, wanted) is { } other && other.Id != user.Id)
                {
                    isTaken = true;
                    return Accounts.Change.Stale;
                }
                await MailedLinkStore.EndAll(sql, user.Id, MailedLinkStore.EmailVerification);
                user.NewEmail = wanted == user.Email ? null : wanted;
                if (user.NewEmail is not null)
                {
                    await MailedLinkStore.Ask(sql, MailedLinkStore.EmailVerification, wanted, user.Id, language);
                }
                return Accounts.Change.Done;
            },
            stop
        );
        return outcome == Accounts.Change.Done ? null
            : isTaken ? new Refused(StatusCodes.Status409Conflict, "sign_up.email_taken")
            : outcome.Refusal();
    }

    /// <returns>The address that a link would verify, or null when it may not be used; asking uses nothing up.</returns>
    internal async Task<string?> AddressOf(string? token, CancellationToken stop) =>
        token is null ? null : (await links.Find(token, MailedLinkStore.EmailVerification, stop))?.Email;

    /// <summary>
    /// Verifies the address that the link went to. Where it is the first that the account has verified, and this request is not signed
    /// in to it, whoever made the account keeps no way in (<see cref="TakeOver"/>), and all sessions end.
    /// </summary>
    /// <returns>Null when it is verified, otherwise why not.</returns>
    internal async Task<Refused?> Confirm(string token, HttpContext http, CancellationToken stop)
    {
        if (await links.Find(token, MailedLinkStore.EmailVerification, stop) is not { } link)
        {
            return Refused.Field("token", "mail.link_over");
        }
        var isOwn = CurrentUser.Of(http)?.Id == link.UserId;
        var (client, language) = (Client.Of(http), MailEndpoints.Language);
        var isTaken = false;
        var outcome = await accounts.Update(
            link.UserId,
            async (sql, user) =>
            {
                isTaken = false;
                if (!await MailedLinkStore.Use(sql, token, MailedLinkStore.EmailVerification))
                {
                    return Accounts.Change.Missing;
                }
                var isFirst = user.EmailVerifiedAt is null;
                var isChanged = user.NewEmail == link.Email;
                if (isChanged)
                {
                    // Somebody may have signed up with it since it was taken down.
                    isTaken = await AccountStore.FindByEmail(sql, link.Email) is { } other && other.Id != user.Id;
                    if (isTaken)
                    {
                        return Accounts.Change.Stale;
                    }
                    (user.Email, user.NewEmail) = (user.NewEmail, null);
                    await MailedLinkStore.EndAll(sql, user.Id, MailedLinkStore.PasswordReset);
                }
                if (isFirst && !isOwn)
                {
                    user.SignedOutAt = sql.Now;
                    await takeOver.Do(sql, user, client, language);
                    await SessionStore.EndOthers(sql, user.Id, null, SignInRecords.EmailVerification, client);
                }
                user.EmailVerifiedAt = sql.Now;
                // A second link to an address that is his already tells nothing new.
                user.IsShownApart = !isOwn && (isFirst || isChanged || user.IsShownApart);
                return Accounts.Change.Done;
            },
            stop
        );
        return outcome == Accounts.Change.Done ? null
            : isTaken ? new Refused(StatusCodes.Status409Conflict, "sign_up.email_taken")
            : Refused.Field("token", "mail.link_over");
    }
}
