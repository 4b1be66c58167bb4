using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts;

/// <summary>
/// Who makes a request, where that is known without a look at the database: for what is answered before the way of other requests begins.
/// It is what <see cref="BearerHandler"/> would find, out of what that one keeps, for as long as that one relies on it.
/// </summary>
internal sealed class KnownCallers(AccessTokens tokens, UserDirectory users)
{
    private const string Prefix = "Bearer ";

    /// <returns>Who sends an access token of ours that was found good before; null for all others, who may be somebody too.</returns>
    internal CurrentUser? Of(HttpContext http) =>
        http.Request.Headers.Authorization is [{ } header]
        && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && tokens.Known(header[Prefix.Length..].Trim()) is { } token
        && users.Known(token.UserId) is { IsEnabled: true } user
            ? new CurrentUser(user, SignInWay.AccessToken) { TokenIssuedAt = token.IssuedAt }
            : null;
}
