namespace Madang.Foundation.Accounts;

/// <summary>What anybody signed in may know of a user, and what the frame needs to serve him.</summary>
public sealed record KnownUser
{
    /// <summary>The id, never given to anybody else.</summary>
    public required long Id { get; init; }

    /// <summary>The display name: 1 to 64 characters of any script, not unique.</summary>
    public required string Username { get; init; }

    /// <summary><c>member</c>, <c>admin</c> or a role that a room declared.</summary>
    public required string Role { get; init; }

    /// <summary><c>ko</c>, <c>en</c>, or null for the browser's.</summary>
    public string? Language { get; init; }

    /// <summary><c>light</c>, <c>dark</c>, or null for the system's.</summary>
    public string? Theme { get; init; }

    /// <summary>An IANA time zone, or null for the server's.</summary>
    public string? TimeZone { get; init; }

    internal DateTimeOffset? DisabledAt { get; init; }

    internal DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Whether the account may sign in; a deleted one stands only as an author's name.</summary>
    public bool IsEnabled => DisabledAt is null && DeletedAt is null;

    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Who is this user? Cached: a change is seen at once by the process that took it, and by others within two seconds.</summary>
public interface IUserDirectory
{
    /// <returns>The user, deleted and disabled ones too, or null when there never was one.</returns>
    ValueTask<KnownUser?> Find(long id, CancellationToken stop);
}
