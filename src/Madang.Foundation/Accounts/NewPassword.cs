using Madang.Foundation.Data;
using Madang.Foundation.Mail;

namespace Madang.Foundation.Accounts;

/// <summary>
/// What every new password brings with it, whoever sets it and in whatever way: it is the answer to somebody else having been in the
/// account, so nothing that he may have begun goes on.
/// </summary>
internal static class NewPassword
{
    /// <summary>
    /// Sets the hash, ends the other sessions, the mailed links that would set yet another password, and a change of the e-mail that
    /// waits for its link.
    /// </summary>
    /// <param name="sql">The write that <paramref name="user"/> was read in and is written by.</param>
    /// <param name="user">Whose.</param>
    /// <param name="hash">Of the password.</param>
    /// <param name="kept">The session that stays, or null for none.</param>
    /// <param name="how">The way, as <see cref="SignInRecords"/> names it.</param>
    /// <param name="client">From where.</param>
    internal static async Task Set(Sql sql, User user, string hash, long? kept, string how, Client client)
    {
        (user.PasswordHash, user.SecurityStamp, user.NewEmail) = (hash, Secret.New(), null);
        user.SignedOutAt = sql.Now;
        await MailedLinkStore.EndAll(sql, user.Id, MailedLinkStore.PasswordReset);
        var ended = await SessionStore.EndOthers(sql, user.Id, kept, how, client);
        // Who gave the old password stands in the record by that already.
        if (ended == 0 && how != SignInRecords.PasswordChange)
        {
            await SignInRecords.Add(sql, user.Id, how, SignInRecords.SignedOut, client);
        }
    }
}
