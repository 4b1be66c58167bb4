using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts;

/// <summary>Who makes this request, however he signed in. An endpoint that takes it is never reached signed out.</summary>
/// <param name="User">Who he is.</param>
/// <param name="Way">How he showed it.</param>
public sealed record CurrentUser(KnownUser User, SignInWay Way)
{
    /// <summary>The user's id.</summary>
    public long Id => User.Id;

    /// <summary>Whether he may change the yard itself. A personal access token never may, and no token of an outside issuer.</summary>
    public bool IsAdmin => User.Role == Roles.Admin && Way is (SignInWay.Cookie or SignInWay.AccessToken);

    /// <summary>Of a personal access token, what it may do; empty otherwise.</summary>
    public IReadOnlySet<string> Scopes { get; init; } = new HashSet<string>();

    /// <summary>Of a web session, its id; otherwise null.</summary>
    public long? SessionId { get; init; }

    /// <summary>Of an access token of ours, since when there is one, to the millisecond; otherwise null.</summary>
    internal DateTimeOffset? TokenIssuedAt { get; init; }

    /// <returns>Who is signed in, or null.</returns>
    public static CurrentUser? Of(HttpContext http)
    {
        return http.Features.Get<CurrentUser>();
    }

    /// <summary>Lets an endpoint take it as a parameter.</summary>
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));
}

/// <summary>How a request shows who makes it.</summary>
public enum SignInWay
{
    /// <summary>The cookie of a web session.</summary>
    Cookie,

    /// <summary>A JWT access token.</summary>
    AccessToken,

    /// <summary>A personal access token, which its scopes bind.</summary>
    PersonalToken,

    /// <summary>A JWT of a trusted outside issuer: all that is his, but neither the yard nor what outlives the token.</summary>
    TrustedToken,
}
