using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>What may keep somebody from coming in through a provider.</summary>
internal enum Trouble
{
    /// <summary>The yard has no such provider.</summary>
    Unknown,

    /// <summary>The state is missing, not ours, of another browser, used before, or too old.</summary>
    BadState,

    /// <summary>He did not agree at the provider.</summary>
    Denied,

    /// <summary>The provider says no to our request.</summary>
    Refused,

    /// <summary>The provider can't be reached, or is broken.</summary>
    Away,

    /// <summary>The provider did not answer in time.</summary>
    Slow,

    /// <summary>The provider answers what nobody can make sense of.</summary>
    Rubbish,

    /// <summary>Nobody has signed up yet, and the first account is made on the page.</summary>
    First,

    /// <summary>Sign-up is closed.</summary>
    Closed,

    /// <summary>The invitation is used up, revoked or too old.</summary>
    BadInvitation,

    /// <summary>The e-mail belongs to an account: its owner signs in to it and links.</summary>
    EmailTaken,

    /// <summary>The account may not sign in.</summary>
    Disabled,

    /// <summary>To link was begun by another user or in another session.</summary>
    OtherUser,

    /// <summary>The identity belongs to another account.</summary>
    LinkedElsewhere,
}

/// <summary>What others did wrong, on its way to the page that says so.</summary>
internal sealed class OutsideException(Trouble trouble, string message, Exception? cause = null)
    : Exception(message, cause)
{
    internal Trouble Trouble => trouble;
}

internal static class Troubles
{
    /// <returns>The status of the answer.</returns>
    internal static int Status(this Trouble trouble) =>
        trouble switch
        {
            Trouble.Unknown => StatusCodes.Status404NotFound,
            Trouble.BadState => StatusCodes.Status400BadRequest,
            Trouble.EmailTaken or Trouble.LinkedElsewhere => StatusCodes.Status409Conflict,
            Trouble.Refused or Trouble.Away or Trouble.Rubbish => StatusCodes.Status502BadGateway,
            Trouble.Slow => StatusCodes.Status504GatewayTimeout,
            _ => StatusCodes.Status403Forbidden,
        };

    /// <returns>The key of the sentence that tells people.</returns>
    internal static string Word(this Trouble trouble) =>
        trouble switch
        {
            Trouble.Unknown => "outside.unknown",
            Trouble.BadState => "outside.bad_state",
            Trouble.Denied => "outside.denied",
            Trouble.Refused => "outside.refused",
            Trouble.Away => "outside.away",
            Trouble.Slow => "outside.slow",
            Trouble.Rubbish => "outside.rubbish",
            Trouble.First => "outside.first",
            Trouble.Closed => "sign_up.closed",
            Trouble.BadInvitation => "sign_up.bad_invitation",
            Trouble.EmailTaken => "outside.email_taken",
            Trouble.Disabled => "outside.disabled",
            Trouble.OtherUser => "outside.other_user",
            Trouble.LinkedElsewhere => "outside.linked_elsewhere",
            _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, "No trouble."),
        };
}
