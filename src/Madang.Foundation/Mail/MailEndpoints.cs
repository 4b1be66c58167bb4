using System.Globalization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Mail;

/// <summary>The address of an account whose password is forgotten.</summary>
public sealed record ForgottenInput
{
    /// <summary>The e-mail address of the account.</summary>
    [Needed, Email]
    public string? Email { get; init; }
}

/// <summary>A new password, and the token of the mailed link that allows it.</summary>
public sealed record NewPasswordInput
{
    /// <summary>The token of the mailed link.</summary>
    [Needed, Longest(64)]
    public string? Token { get; init; }

    /// <summary>The password to be: 8 to 256 characters, kept exactly as typed.</summary>
    [Needed, Longest(256)]
    public string? NewPassword { get; init; }
}

/// <summary>The token of a mailed link that verifies an address.</summary>
public sealed record VerificationInput
{
    /// <summary>The token of the mailed link.</summary>
    [Needed, Longest(64)]
    public string? Token { get; init; }
}

/// <summary>A new e-mail address, and the proof that who asks is the account's owner.</summary>
public sealed record EmailInput
{
    /// <summary>The address to be, unique without regard to case.</summary>
    [Needed, Email]
    public string? Email { get; init; }

    /// <summary>The account's password.</summary>
    [Needed, Longest(256)]
    public string? CurrentPassword { get; init; }
}

/// <summary>What goes by mailed links: a forgotten password, and e-mail addresses.</summary>
public static class MailEndpoints
{
    internal static void MapMail(this RouteGroupBuilder api)
    {
        api.MapPost("/auth/reset", AskForReset).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).Refuses(409);
        api.MapPut("/auth/reset", SetPassword).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        api.MapPost("/auth/verify", Verify).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).Refuses(409);
        api.MapPost("/users/me/verification", AskForVerification).Refuses(409);
        api.MapPut("/users/me/email", ChangeEmail).RequireRateLimiting(RateLimits.SignIn).Refuses(409);
    }

    /// <summary>Mails a link that sets a new password, if the address has an account; the answer is the same if it has none.</summary>
    public static async Task<Results<Accepted, Refused>> AskForReset(
        ForgottenInput input,
        PasswordReset reset,
        CancellationToken stop
    ) => await reset.Ask(input.Email!, Language, stop) is { } refused ? refused : TypedResults.Accepted((string?)null);

    /// <summary>Sets a new password by a mailed link, and ends all sessions and refresh tokens.</summary>
    public static async Task<Results<NoContent, Refused>> SetPassword(
        NewPasswordInput input,
        PasswordReset reset,
        HttpContext http,
        CancellationToken stop
    ) => await reset.Set(input, http, stop) is { } refused ? refused : TypedResults.NoContent();

    /// <summary>Verifies the e-mail address that a mailed link went to.</summary>
    public static async Task<Results<NoContent, Refused>> Verify(
        VerificationInput input,
        EmailVerification verification,
        HttpContext http,
        CancellationToken stop
    ) => await verification.Confirm(input.Token!, http, stop) is { } refused ? refused : TypedResults.NoContent();

    /// <summary>Mails a link that verifies one's e-mail address, if there is one to verify.</summary>
    public static async Task<Results<Accepted, Refused>> AskForVerification(
        EmailVerification verification,
        CurrentUser me,
        CancellationToken stop
    ) => await verification.Ask(me, Language, stop) is { } refused ? refused : TypedResults.Accepted((string?)null);

    /// <summary>Takes down a new e-mail address, which replaces the old one when the link that is mailed to it is followed.</summary>
    public static async Task<Results<Accepted, Refused>> ChangeEmail(
        EmailInput input,
        Precondition ifMatch,
        EmailVerification verification,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) =>
        await verification.Change(input, ifMatch, Language, http, me, stop) is { } refused
            ? refused
            : TypedResults.Accepted((string?)null);

    /// <summary>What this request is answered in.</summary>
    internal static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
}
