using Madang.Foundation.Modules;

namespace Madang.Foundation.Accounts;

/// <summary>A person with an account, as the accounts themselves know it. Rooms know a <see cref="KnownUser"/>.</summary>
internal sealed class User
{
    public long Id { get; set; }
    public string? Email { get; set; }

    /// <summary>When a mailed link showed that the address is his, or null.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; set; }

    /// <summary>
    /// Whether the address was last verified by somebody who was not signed in to the account: he may be another than who made it and
    /// knows its password.
    /// </summary>
    public bool IsShownApart { get; set; }

    /// <summary>When all that was signed in to it was last signed out, or null: nothing lasting is made with a sign-in from before.</summary>
    public DateTimeOffset? SignedOutAt { get; set; }

    /// <summary>The address that takes the place of <see cref="Email"/> once it is verified, or null.</summary>
    public string? NewEmail { get; set; }
    public required string Username { get; set; }
    public string? PasswordHash { get; set; }
    public required string SecurityStamp { get; set; }
    public required string Role { get; set; }
    public string? Language { get; set; }
    public string? Theme { get; set; }
    public string? TimeZone { get; set; }
    public DateTimeOffset? DisabledAt { get; set; }
    public DateTimeOffset? DeletedAt { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>The roles that every yard has; rooms declare more.</summary>
public static class Roles
{
    /// <summary>Who may change the yard itself: users, roles, invitations.</summary>
    public const string Admin = "admin";

    /// <summary>Everybody else.</summary>
    public const string Member = "member";

    internal static IEnumerable<string> All(Rooms rooms) =>
        rooms.All.SelectMany(room => room.Roles).Append(Admin).Append(Member);
}
