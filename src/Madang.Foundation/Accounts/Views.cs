namespace Madang.Foundation.Accounts;

/// <summary>A user as he sees himself, and as admins see him.</summary>
/// <param name="Id">The id.</param>
/// <param name="Email">The e-mail address.</param>
/// <param name="EmailVerified">Whether a mailed link showed that the address is his.</param>
/// <param name="NewEmail">The address that replaces it once it is verified, or null.</param>
/// <param name="Username">The display name.</param>
/// <param name="Role"><c>member</c>, <c>admin</c> or a room's role.</param>
/// <param name="Language"><c>ko</c>, <c>en</c> or null for the browser's.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c> or null for the system's.</param>
/// <param name="TimeZone">An IANA time zone, or null for the server's.</param>
/// <param name="Disabled">Whether he may not sign in.</param>
/// <param name="CreatedAt">When the account was made.</param>
/// <param name="UpdatedAt">When it last changed.</param>
public sealed record UserView(
    long Id,
    string? Email,
    bool EmailVerified,
    string? NewEmail,
    string Username,
    string Role,
    string? Language,
    string? Theme,
    string? TimeZone,
    bool Disabled,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    internal static UserView Of(User user) =>
        new(
            user.Id,
            user.Email,
            user.EmailVerifiedAt is not null,
            user.NewEmail,
            user.Username,
            user.Role,
            user.Language,
            user.Theme,
            user.TimeZone,
            user.DisabledAt is not null,
            user.CreatedAt,
            user.UpdatedAt
        );
}

/// <summary>A user as everybody signed in sees him.</summary>
/// <param name="Id">The id.</param>
/// <param name="Username">The display name.</param>
/// <param name="CreatedAt">When the account was made.</param>
public sealed record PublicProfile(long Id, string Username, DateTimeOffset CreatedAt);

/// <summary>An access token and the refresh token that gets the next one.</summary>
/// <param name="AccessToken">A JWT of fifteen minutes.</param>
/// <param name="RefreshToken">Good once, for 14 days.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds that the access token lives.</param>
public sealed record TokenPair(string AccessToken, string RefreshToken, string TokenType, int ExpiresIn);

/// <summary>A personal access token, without its secret.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="LastUsedAt">When it was last used, to ten minutes; null for never.</param>
public sealed record PersonalTokenView(
    long Id,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt
)
{
    internal static PersonalTokenView Of(PersonalTokenRow row) =>
        new(row.Id, row.Name, row.Scopes.Split(' '), row.CreatedAt, row.ExpiresAt, row.LastUsedAt);
}

/// <summary>A new personal access token: the only time its secret is told.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Token">The secret.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="LastUsedAt">Null.</param>
public sealed record NewPersonalTokenView(
    long Id,
    string Name,
    IReadOnlyList<string> Scopes,
    string Token,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt
);

/// <summary>An invitation that may still be used.</summary>
/// <param name="Id">The id.</param>
/// <param name="Role">The role that its user will have.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record InvitationView(long Id, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    internal static InvitationView Of(InvitationRow row) => new(row.Id, row.Role, row.CreatedAt, row.ExpiresAt);
}

/// <summary>A new invitation: the only time its link is told.</summary>
/// <param name="Id">The id.</param>
/// <param name="Role">The role that its user will have.</param>
/// <param name="Token">What <c>POST /users</c> takes as <c>invitation</c>.</param>
/// <param name="Url">The page that takes it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record NewInvitationView(
    long Id,
    string Role,
    string Token,
    string Url,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt
);

/// <summary>What an admin may change about the whole yard.</summary>
/// <param name="SignUpOpen">Whether anybody may sign up.</param>
public sealed record WorkspaceView(bool SignUpOpen);
