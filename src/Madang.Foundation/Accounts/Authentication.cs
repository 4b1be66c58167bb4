using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Madang.Foundation.Accounts.Trusted;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>
/// Reads <c>Authorization: Bearer</c>: an access token of ours or of a trusted issuer, or a personal access token, told apart by its prefix. A request that has
/// the header is never signed in by its cookie.
/// </summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AccessTokens accessTokens,
    PersonalTokenStore personalTokens,
    TrustedTokens trustedTokens,
    IUserDirectory users
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string Name = "Bearer";
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }
        var token = header[Prefix.Length..].Trim();
        return await Read(token, Context.RequestAborted) is { } user
            ? AuthenticateResult.Success(Present.Ticket(Context, user, Name))
            : AuthenticateResult.Fail("The token is not valid.");
    }

    private async ValueTask<CurrentUser?> Read(string token, CancellationToken stop)
    {
        if (!token.StartsWith(PersonalTokenStore.Prefix, StringComparison.Ordinal))
        {
            var own = await accessTokens.Read(token, stop);
            var id = own?.UserId ?? await trustedTokens.Read(token, Client.Of(Context), stop);
            return id is { } known && await users.Find(known, stop) is { IsEnabled: true } holder
                ? new CurrentUser(holder, own is null ? SignInWay.TrustedToken : SignInWay.AccessToken)
                {
                    TokenIssuedAt = own?.IssuedAt,
                }
                : null;
        }
        var personal = await personalTokens.Use(token, stop);
        return personal is not null && await users.Find(personal.UserId, stop) is { IsEnabled: true } owner
            ? new CurrentUser(owner, SignInWay.PersonalToken) { Scopes = personal.ScopeSet }
            : null;
    }
}

/// <summary>
/// The web session: a cookie that holds nothing but a session's id, encrypted, so that it tells nobody who is signed in and ends
/// when the session does.
/// </summary>
internal sealed class WebSession(SessionStore sessions, IUserDirectory users) : CookieAuthenticationEvents
{
    internal const string Name = "Cookie";
    internal const string CookieName = "madang";
    private const string SessionClaim = "sid";

    internal static Task SignIn(HttpContext http, long sessionId) =>
        http.SignInAsync(
            Name,
            new ClaimsPrincipal(
                new ClaimsIdentity(
                    [new Claim(SessionClaim, sessionId.ToString(CultureInfo.InvariantCulture))],
                    Name,
                    SessionClaim,
                    null
                )
            ),
            new AuthenticationProperties { IsPersistent = true }
        );

    internal static Task SignOut(HttpContext http) => http.SignOutAsync(Name);

    internal static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = CookieName;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = SessionStore.Lifetime;
        cookie.SlidingExpiration = true;
        cookie.EventsType = typeof(WebSession);
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var stop = context.HttpContext.RequestAborted;
        if (
            SessionOf(context.Principal) is { } sessionId
            && await sessions.UserOf(sessionId, stop) is { } userId
            && await users.Find(userId, stop) is { IsEnabled: true } user
        )
        {
            Present.Set(context.HttpContext, new CurrentUser(user, SignInWay.Cookie) { SessionId = sessionId });
            return;
        }
        context.RejectPrincipal();
    }

    private static long? SessionOf(ClaimsPrincipal? principal) =>
        long.TryParse(
            principal?.FindFirstValue(SessionClaim),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var sessionId
        )
            ? sessionId
            : null;

    public override async Task CheckSlidingExpiration(CookieSlidingExpirationContext context)
    {
        // The framework asks this before ValidatePrincipal: nobody is known yet.
        if (context.ShouldRenew)
        {
            // A cookie that outlives its session would not be renewed before that has ended.
            context.ShouldRenew =
                SessionOf(context.Principal) is { } sessionId
                && await sessions.Prolong(sessionId, context.HttpContext.RequestAborted);
        }
    }
}

/// <summary>Puts the current user where endpoints find him.</summary>
internal static class Present
{
    internal static AuthenticationTicket Ticket(HttpContext http, CurrentUser user, string scheme)
    {
        Set(http, user);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture))],
            scheme
        );
        return new AuthenticationTicket(new ClaimsPrincipal(identity), scheme);
    }

    internal static void Set(HttpContext http, CurrentUser user) => http.Features.Set(user);
}
