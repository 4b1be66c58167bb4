using Madang.Foundation.Http;
using Madang.Foundation.Mail;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>The page of one's own settings.</summary>
internal static class SettingsPages
{
    internal static void MapSettingsPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/settings", Show).AsPage();
        routes.MapPost("/settings", ChangeProfile).AsForm();
        routes.MapPost("/settings/password", ChangePassword).AsForm().RequireRateLimiting(RateLimits.SignIn);
        routes.MapGet("/settings/email", ShowEmail).AsPage();
        routes.MapPost("/settings/email", ChangeEmail).AsForm().RequireRateLimiting(RateLimits.SignIn);
        routes.MapPost("/settings/verification", SendVerification).AsForm();
        routes.MapPost("/settings/delete", Delete).AsForm().RequireRateLimiting(RateLimits.SignIn);
    }

    private static Task<IResult> Show(string? saved, Settings settings, CurrentUser me, CancellationToken stop) =>
        settings.Show(new() { Saved = saved }, me, stop);

    private static async Task<IResult> ChangeProfile(
        Form<ProfileInput> form,
        AccountStore accounts,
        Settings settings,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await settings.Show(new() { Profile = form }, me, stop);
        }
        var outcome = await UserEndpoints.ChangeProfile(input, Precondition.None, accounts, me, stop);
        return outcome == Change.Done
            ? Pages.GoTo("/settings?saved=profile#page")
            : await settings.Show(new() { Profile = form.With(outcome.Refusal()) }, me, stop);
    }

    private static async Task<IResult> ChangePassword(
        Form<PasswordInput> form,
        PasswordChange passwords,
        Settings settings,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await settings.Show(new() { Password = form }, me, stop);
        }
        return await passwords.Make(input, Precondition.None, http, me, stop) is { } refused
            ? await settings.Show(new() { Password = form.With(refused) }, me, stop)
            : Pages.GoTo("/settings?saved=password#page");
    }

    private static IResult ShowEmail(EmailVerification verification) => EmailPage(null, verification);

    private static async Task<IResult> ChangeEmail(
        Form<EmailInput> form,
        EmailVerification verification,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return EmailPage(form, verification);
        }
        return
            await verification.Change(input, Precondition.None, MailEndpoints.Language, http, me, stop) is { } refused
            ? EmailPage(form.With(refused), verification)
            : Pages.GoTo("/settings?saved=email#page");
    }

    private static async Task<IResult> SendVerification(
        EmailVerification verification,
        CurrentUser me,
        CancellationToken stop
    ) =>
        await verification.Ask(me, MailEndpoints.Language, stop) is { StatusCode: { } status }
            ? Pages.Failure(status)
            : Pages.GoTo("/settings?saved=email#page");

    private static async Task<IResult> Delete(
        Form<PasswordProofInput> form,
        AccountDeletion deletion,
        Settings settings,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await settings.Show(new() { Deletion = form }, me, stop);
        }
        if (await deletion.Make(input, http, me, stop) is { } refused)
        {
            return await settings.Show(new() { Deletion = form.With(refused) }, me, stop);
        }
        await WebSession.SignOut(http);
        return Pages.GoTo("/?left=true");
    }

    private static IResult EmailPage(IForm? form, EmailVerification verification) =>
        Pages.Show<EmailPage>(
            new { Form = form, SendsMail = verification.IsOn },
            form?.Status ?? StatusCodes.Status200OK
        );
}
