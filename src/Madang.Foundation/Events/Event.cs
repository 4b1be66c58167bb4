namespace Madang.Foundation.Events;

/// <summary>Something that happened, which others may care about: ids and values, never things. Its name is stable.</summary>
public interface IEvent
{
    /// <summary>The stable name of its kind, such as <c>memo_shared</c>.</summary>
    static abstract string Type { get; }

    /// <summary>The version of its payload, from 1.</summary>
    static abstract int Version { get; }
}

/// <summary>A memo became visible to the team.</summary>
/// <param name="MemoId">Which.</param>
/// <param name="AuthorId">Whose.</param>
public sealed record MemoShared(long MemoId, long AuthorId) : IEvent
{
    /// <inheritdoc />
    public static string Type => "memo_shared";

    /// <inheritdoc />
    public static int Version => 1;
}

/// <summary>An account was deleted: every room purges, keeps or hands over what it had of this user.</summary>
/// <param name="UserId">Whose it was.</param>
public sealed record UserDeleted(long UserId) : IEvent
{
    /// <inheritdoc />
    public static string Type => "user_deleted";

    /// <inheritdoc />
    public static int Version => 1;
}

/// <summary>Somebody asked for a link by mail: to set a new password, or to show that an address is his.</summary>
/// <param name="LinkId">Which; its token is made when the mail is sent, and never stands in an event.</param>
/// <param name="Language"><c>ko</c> or <c>en</c>: what the request was answered in, for a user who has set none.</param>
public sealed record MailedLinkAsked(long LinkId, string Language) : IEvent
{
    /// <inheritdoc />
    public static string Type => "mailed_link_asked";

    /// <inheritdoc />
    public static int Version => 1;
}

/// <summary>A provider was connected to an account, or disconnected from it.</summary>
/// <param name="UserId">Whose account.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="IsLinked">Whether it is a way in now.</param>
/// <param name="Language"><c>ko</c> or <c>en</c>: what the request was answered in, for a user who has set none.</param>
public sealed record ConnectionChanged(long UserId, string Provider, bool IsLinked, string Language) : IEvent
{
    /// <inheritdoc />
    public static string Type => "connection_changed";

    /// <inheritdoc />
    public static int Version => 1;
}

/// <summary>Something borrowed is to be back within two days.</summary>
/// <param name="LoanId">Which loan.</param>
/// <param name="UserId">Who has it.</param>
/// <param name="BookId">Which book.</param>
/// <param name="DueAt">Until when.</param>
public sealed record LoanDueSoon(long LoanId, long UserId, long BookId, DateTimeOffset DueAt) : IEvent
{
    /// <inheritdoc />
    public static string Type => "loan_due_soon";

    /// <inheritdoc />
    public static int Version => 1;
}

/// <summary>Something borrowed should be back by now.</summary>
/// <param name="LoanId">Which loan.</param>
/// <param name="UserId">Who has it.</param>
/// <param name="BookId">Which book.</param>
/// <param name="DueAt">Until when it should have been.</param>
public sealed record LoanOverdue(long LoanId, long UserId, long BookId, DateTimeOffset DueAt) : IEvent
{
    /// <inheritdoc />
    public static string Type => "loan_overdue";

    /// <inheritdoc />
    public static int Version => 1;
}

/// <summary>A copy is put aside for somebody who waited for it.</summary>
/// <param name="HoldId">Which hold.</param>
/// <param name="UserId">Whose.</param>
/// <param name="BookId">Which book.</param>
/// <param name="PickUpUntil">How long it is kept for him.</param>
public sealed record HoldReady(long HoldId, long UserId, long BookId, DateTimeOffset PickUpUntil) : IEvent
{
    /// <inheritdoc />
    public static string Type => "hold_ready";

    /// <inheritdoc />
    public static int Version => 1;
}
