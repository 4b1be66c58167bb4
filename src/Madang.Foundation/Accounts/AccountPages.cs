using Madang.Foundation.Http;
using Madang.Foundation.Samples;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Accounts;

/// <summary>The pages on which people come in and go out.</summary>
internal static class AccountPages
{
    internal static void MapAccountPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Home).AsPage().AllowAnonymous();
        routes.MapGet("/sign-in", ShowSignIn).AsPage().AllowAnonymous();
        routes.MapPost("/sign-in", SignIn).AsForm().AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        routes.MapGet("/sign-up", ShowSignUp).AsPage().AllowAnonymous();
        routes.MapPost("/sign-up", SignUp).AsForm().AllowAnonymous().RequireRateLimiting(RateLimits.SignUp);
        routes.MapPost("/sign-out", SignOut).AsForm();
    }

    private static async Task<IResult> Home(bool? left, HttpContext http, CancellationToken stop)
    {
        if (CurrentUser.Of(http) is not null)
        {
            return Pages.Show<HomePage>();
        }
        var (isOpen, isFirst) = await http.RequestServices.GetRequiredService<SignUp>().State(stop);
        return Pages.Show<HomePage>(
            new
            {
                IsOpen = isOpen,
                IsFirst = isFirst,
                HasLeft = left == true,
            }
        );
    }

    private static async Task<IResult> ShowSignIn(
        string? next,
        string? saved,
        SignUp signUp,
        HttpContext http,
        CancellationToken stop
    ) =>
        CurrentUser.Of(http) is null
            ? await SignInPage(null, next, signUp, stop, saved == "password")
            : Pages.GoTo(Pages.Local(next));

    private static async Task<IResult> SignIn(
        Form<SignInInput> form,
        SignIn signIn,
        SignUp signUp,
        HttpContext http,
        CancellationToken stop
    )
    {
        var next = form.Typed("next");
        if (form.Input is not { } input)
        {
            return await SignInPage(form, next, signUp, stop);
        }
        var outcome = await signIn.Try(input.Email!, input.Password!, SessionKind.Web, http, stop);
        if (outcome.Result != SignInResult.SignedIn)
        {
            var mustWait = outcome.Result == SignInResult.MustWait;
            if (mustWait)
            {
                http.Response.Headers.RetryAfter = RateLimits.Seconds(SignInAttempts.Window);
            }
            return await SignInPage(
                form.With(new Refused(mustWait ? 429 : 400, mustWait ? "sign_in.must_wait" : "sign_in.wrong")),
                next,
                signUp,
                stop
            );
        }
        await WebSession.SignIn(http, outcome.SessionId);
        return Pages.GoTo(Pages.Local(next));
    }

    private static async Task<IResult> ShowSignUp(
        string? invitation,
        SignUp signUp,
        HttpContext http,
        CancellationToken stop
    ) => CurrentUser.Of(http) is null ? await SignUpPage(null, invitation, signUp, http, stop) : Pages.GoTo("/");

    private static async Task<IResult> SignUp(
        Form<SignUpInput> form,
        SignUp signUp,
        SignIn signIn,
        IEnumerable<ISampleSource> samples,
        HttpContext http,
        CancellationToken stop
    )
    {
        var invitation = form.Typed("invitation") is { Length: > 0 } token ? token : null;
        if (form.Input is not { } input)
        {
            return await SignUpPage(form, invitation, signUp, http, stop);
        }
        var (user, refused) = await signUp.Make(input, Client.IsLocal(http), stop);
        if (refused is not null)
        {
            return await SignUpPage(form.With(refused), invitation, signUp, http, stop);
        }
        if (user!.Role == Roles.Admin && form.Typed("sample_data") == "on")
        {
            await SamplePages.AddFew(samples, user.Id, stop);
        }
        var outcome = await signIn.Try(input.Email!, input.Password!, SessionKind.Web, http, stop);
        if (outcome.Result != SignInResult.SignedIn)
        {
            return Pages.GoTo("/sign-in");
        }
        await WebSession.SignIn(http, outcome.SessionId);
        return Pages.GoTo("/");
    }

    private static async Task<IResult> SignOut(
        OwnSessions sessions,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (me.SessionId is { } session)
        {
            await sessions.End(session, me.Id, SignInRecords.SignOut, Client.Of(http), stop);
        }
        await WebSession.SignOut(http);
        return Pages.GoTo("/");
    }

    private static async Task<IResult> SignInPage(
        IForm? form,
        string? next,
        SignUp signUp,
        CancellationToken stop,
        bool hasNewPassword = false
    )
    {
        var (isOpen, _) = await signUp.State(stop);
        return Pages.Show<SignInPage>(
            new
            {
                Form = form,
                Next = Pages.Local(next),
                IsOpen = isOpen,
                HasNewPassword = hasNewPassword,
            },
            form?.Status ?? 200
        );
    }

    private static async Task<IResult> SignUpPage(
        IForm? form,
        string? invitation,
        SignUp signUp,
        HttpContext http,
        CancellationToken stop
    )
    {
        var (isOpen, isFirst) = await signUp.State(stop);
        return Pages.Show<SignUpPage>(
            new
            {
                Form = form,
                Invitation = invitation,
                IsOpen = isOpen,
                IsFirst = isFirst,
                NeedsSetupCode = isFirst && !Client.IsLocal(http),
            },
            form?.Status ?? 200
        );
    }
}
