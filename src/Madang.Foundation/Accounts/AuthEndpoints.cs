using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Accounts;

/// <summary>E-mail and password, to get tokens.</summary>
public sealed record SignInInput
{
    /// <summary>The e-mail address of the account.</summary>
    [Needed, Longest(254)]
    public string? Email { get; init; }

    /// <summary>Its password.</summary>
    [Needed, Longest(256)]
    public string? Password { get; init; }
}

/// <summary>A refresh token.</summary>
public sealed record RefreshInput
{
    /// <summary>The refresh token that came with the last pair.</summary>
    [Needed, Longest(256)]
    public string? RefreshToken { get; init; }
}

/// <summary>Signing up, in and out, for programs.</summary>
public static class AuthEndpoints
{
    internal static void MapAuth(this RouteGroupBuilder api)
    {
        api.MapPost("/users", SignUp).AllowAnonymous().RequireRateLimiting(RateLimits.SignUp).Refuses(403, 409);
        api.MapPost("/auth/login", LogIn).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        api.MapPost("/auth/logout", LogOut);
        api.MapPost("/token/refresh", Refresh).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).Refuses(401);
    }

    /// <summary>Makes an account; the first one of an empty yard becomes its admin.</summary>
    public static async Task<Results<Made<UserView>, Refused>> SignUp(
        SignUpInput input,
        SignUp signUp,
        HttpContext http,
        CancellationToken stop
    )
    {
        var (user, refused) = await signUp.Make(input, Client.IsLocal(http), stop);
        return user is null ? refused! : Made<UserView>.Of(http, UserView.Of(user), $"/api/v1/users/{user.Id}");
    }

    /// <summary>Trades e-mail and password for an access token and a refresh token.</summary>
    public static async Task<Results<Ok<TokenPair>, Refused>> LogIn(
        SignInInput input,
        SignIn signIn,
        HttpContext http,
        CancellationToken stop
    )
    {
        var key = await Key(http, stop);
        var outcome = await signIn.Try(input.Email!, input.Password!, SessionKind.Program, http, stop);
        if (outcome.Result == SignInResult.MustWait)
        {
            http.Response.Headers.RetryAfter = RateLimits.Seconds(SignInAttempts.Window);
            return new Refused(StatusCodes.Status429TooManyRequests, "sign_in.must_wait");
        }
        return outcome.Result == SignInResult.SignedIn
            ? TypedResults.Ok(Pair(http, key, outcome.UserId, outcome.RefreshToken))
            : new Refused(StatusCodes.Status400BadRequest, "sign_in.wrong");
    }

    /// <summary>Ends the family of a refresh token; access tokens already issued live until they expire.</summary>
    public static async Task<Results<NoContent, Refused>> LogOut(
        RefreshInput input,
        RefreshTokens tokens,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) =>
        await tokens.End(input.RefreshToken!, me.Id, Client.Of(http), stop)
            ? TypedResults.NoContent()
            : Refused.Field("refresh_token", "sign_in.unknown_token");

    /// <summary>Trades a refresh token for the next pair; one that was used before ends its whole family.</summary>
    public static async Task<Results<Ok<TokenPair>, Refused>> Refresh(
        RefreshInput input,
        RefreshTokens tokens,
        HttpContext http,
        CancellationToken stop
    )
    {
        // First of all, and nothing is read after the trade: a client that is told to try again comes with the same token, and
        // had it been traded already he would look like a thief.
        var key = await Key(http, stop);
        if (await tokens.Rotate(input.RefreshToken!, Client.Of(http), stop) is not { } next)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return new Refused(StatusCodes.Status401Unauthorized, "sign_in.unknown_token");
        }
        return TypedResults.Ok(Pair(http, key, next.UserId, next.Token));
    }

    private static ValueTask<SigningKey> Key(HttpContext http, CancellationToken stop) =>
        http.RequestServices.GetRequiredService<AccessTokens>().Key(stop);

    private static TokenPair Pair(HttpContext http, SigningKey key, long userId, string refreshToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        var tokens = http.RequestServices.GetRequiredService<AccessTokens>();
        return new(tokens.Issue(key, userId), refreshToken, "Bearer", (int)AccessTokens.Lifetime.TotalSeconds);
    }
}
