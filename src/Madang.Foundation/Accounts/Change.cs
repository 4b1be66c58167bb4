namespace Madang.Foundation.Accounts;

/// <summary>What became of a change.</summary>
internal enum Change
{
    /// <summary>It is written.</summary>
    Done,

    /// <summary>There is no such thing, or it is not this user's to see.</summary>
    Missing,

    /// <summary>It has changed since the client read it (<c>If-Match</c>).</summary>
    Stale,

    /// <summary>It would leave the yard without an admin.</summary>
    LastAdmin,

    /// <summary>The password given is not the account's.</summary>
    WrongPassword,
}
