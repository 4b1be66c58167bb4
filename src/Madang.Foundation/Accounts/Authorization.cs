using Madang.Foundation.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Madang.Foundation.Accounts;

/// <summary>
/// What every endpoint asks for that doesn't say <c>AllowAnonymous</c>: somebody signed in; an admin where the route says so; and
/// of a personal access token the scope of the route, so that a route without a scope is out of its reach; and no token of an outside
/// issuer where what is made would outlive it.
/// </summary>
internal sealed class MayPass : AuthorizationHandler<MayPass>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, MayPass requirement)
    {
        if (context.Resource is HttpContext http && CurrentUser.Of(http) is { } me && IsAllowed(http, me))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }

    private static bool IsAllowed(HttpContext http, CurrentUser me)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<AdminsOnly>() is not null && !me.IsAdmin)
        {
            return false;
        }
        return me.Way switch
        {
            SignInWay.PersonalToken => HasScope(http, me) == true,
            // Pages are for browsers that signed in here: their forms do what the calls refuse to such a token.
            SignInWay.TrustedToken => metadata?.GetMetadata<OwnSignInOnly>() is null
                && metadata?.GetMetadata<PageRoute>() is null,
            _ => true,
        };
    }

    /// <returns>Whether a personal access token has the scope of the route; null when the route has none.</returns>
    internal static bool? HasScope(HttpContext http, CurrentUser me) =>
        http.GetEndpoint()?.Metadata.GetMetadata<ScopeOf>() is { } scope
            ? me.Scopes.Contains(scope.For(http.Request.Method))
            : null;
}

/// <summary>What those are told who may not pass: 401 or 403, or on a page the way to sign in.</summary>
internal sealed class AuthorizationAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        // What no route takes is 404 or 405 for everybody.
        if (authorizeResult.Succeeded || context.GetEndpoint() is not RouteEndpoint)
        {
            return next(context);
        }
        var isPage = context.GetEndpoint()?.Metadata.GetMetadata<PageRoute>() is not null;
        if (CurrentUser.Of(context) is null)
        {
            if (isPage)
            {
                var path = HttpMethods.IsGet(context.Request.Method)
                    ? context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent()
                    : "/";
                context.Response.Redirect($"/sign-in?next={Uri.EscapeDataString(path)}");
                return Task.CompletedTask;
            }
            context.Response.Headers[HeaderNames.WWWAuthenticate] =
                context.Request.Headers.Authorization.Count > 0 ? "Bearer error=\"invalid_token\"" : "Bearer";
            return new Refused(StatusCodes.Status401Unauthorized).ExecuteAsync(context);
        }
        return Failures.Write(context, StatusCodes.Status403Forbidden);
    }
}
