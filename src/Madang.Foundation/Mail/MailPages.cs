using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Mail;

/// <summary>
/// The pages of a forgotten password and of an address to be verified. To open a link changes nothing, since scanners of mail open
/// them all: only the page's form does. The token stands in the address, so no page here tells it on as a referrer.
/// </summary>
internal static class MailPages
{
    internal static void MapMailPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/forgot", ShowForgot).AsPage().AllowAnonymous();
        routes.MapPost("/forgot", Forgot).AsForm().AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        routes.MapGet("/reset", ShowReset).AsPage().AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        routes.MapPost("/reset", Reset).AsForm().AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        routes.MapGet("/verify", ShowVerify).AsPage().AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        routes.MapPost("/verify", Verify).AsForm().AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
    }

    private static IResult ShowForgot(bool? sent, PasswordReset reset) => ForgotPage(null, sent == true, reset);

    private static async Task<IResult> Forgot(Form<ForgottenInput> form, PasswordReset reset, CancellationToken stop)
    {
        if (form.Input is not { } input)
        {
            return ForgotPage(form, false, reset);
        }
        return await reset.Ask(input.Email!, MailEndpoints.Language, stop) is { } refused
            ? ForgotPage(form.With(refused), false, reset)
            : Pages.GoTo("/forgot?sent=true");
    }

    private static async Task<IResult> ShowReset(
        string? token,
        PasswordReset reset,
        HttpContext http,
        CancellationToken stop
    ) => ResetPage(null, token, await reset.IsGood(token, stop), http);

    private static async Task<IResult> Reset(
        Form<NewPasswordInput> form,
        PasswordReset reset,
        HttpContext http,
        CancellationToken stop
    )
    {
        var token = form.Typed("token");
        if (form.Input is not { } input)
        {
            return ResetPage(form, token, await reset.IsGood(token, stop), http);
        }
        return await reset.Set(input, http, stop) is { } refused
            ? ResetPage(form.With(refused), token, refused.Errors?.ContainsKey("token") != true, http)
            : Pages.GoTo("/sign-in?saved=password");
    }

    private static async Task<IResult> ShowVerify(
        string? token,
        bool? done,
        EmailVerification verification,
        HttpContext http,
        CancellationToken stop
    ) => VerifyPage(null, token, await verification.AddressOf(token, stop), done == true, http);

    private static async Task<IResult> Verify(
        Form<VerificationInput> form,
        EmailVerification verification,
        HttpContext http,
        CancellationToken stop
    )
    {
        var token = form.Typed("token");
        if (form.Input is not { } input)
        {
            return VerifyPage(form, token, null, false, http);
        }
        return await verification.Confirm(input.Token!, http, stop) is { } refused
            ? VerifyPage(form.With(refused), token, null, false, http)
            : Pages.GoTo("/verify?done=true");
    }

    private static IResult ForgotPage(IForm? form, bool isSent, PasswordReset reset) =>
        Pages.Show<ForgotPage>(
            new
            {
                Form = form,
                IsSent = isSent,
                reset.IsOn,
            },
            form?.Status ?? StatusCodes.Status200OK
        );

    private static IResult ResetPage(IForm? form, string? token, bool isGood, HttpContext http)
    {
        TellNobody(http);
        return Pages.Show<ResetPage>(
            new
            {
                Form = form,
                Token = token ?? "",
                IsGood = isGood,
            },
            form?.Status ?? StatusCodes.Status200OK
        );
    }

    private static IResult VerifyPage(IForm? form, string? token, string? address, bool isDone, HttpContext http)
    {
        TellNobody(http);
        return Pages.Show<VerifyPage>(
            new
            {
                Form = form,
                Token = token ?? "",
                Address = address,
                IsDone = isDone,
            },
            form?.Status ?? StatusCodes.Status200OK
        );
    }

    private static void TellNobody(HttpContext http)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-store";
    }
}
