using Madang.Foundation.Data;
using Madang.Foundation.Events;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>
/// Tells of a provider that was connected to an account or disconnected from it: in the record of sign-ins, and its owner by mail. Somebody
/// else may have done it, and it opens or closes a way in.
/// </summary>
internal static class ConnectionNews
{
    /// <summary>So many mails within an hour and no more: an address that was never verified may be a stranger's.</summary>
    internal const int MostMails = 5;

    /// <param name="sql">The write that does it.</param>
    /// <param name="userId">Whose account.</param>
    /// <param name="provider">The provider's name.</param>
    /// <param name="isLinked">Whether it was connected.</param>
    /// <param name="client">From where.</param>
    /// <param name="language"><c>ko</c> or <c>en</c>, where the user has set none.</param>
    internal static async Task Tell(
        Sql sql,
        long userId,
        string provider,
        bool isLinked,
        Client client,
        string language
    )
    {
        var outcome = isLinked ? SignInRecords.Linked : SignInRecords.Unlinked;
        await SignInRecords.Add(sql, userId, provider, outcome, client);
        if (await SignInRecords.CountConnections(sql, userId, sql.Now - TimeSpan.FromHours(1)) <= MostMails)
        {
            await sql.Append(new ConnectionChanged(userId, provider, isLinked, language), actorId: userId);
        }
    }
}
