using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>The page of one's own settings, and for admins of who may come in.</summary>
internal static class SettingsPages
{
    internal static void MapSettingsPages(this IEndpointRouteBuilder routes)
    {
        routes.MapPage("/settings", Show);
        routes.MapForm("/settings", ChangeProfile);
        routes.MapForm("/settings/password", ChangePassword).RequireRateLimiting(RateLimits.SignIn);
        routes.MapForm("/settings/delete", Delete).RequireRateLimiting(RateLimits.SignIn);
        routes.MapForm("/settings/invite", Invite).ForAdmins();
        routes.MapForm("/settings/sign-up", ChangeSignUp).ForAdmins();
    }

    private static Task<IResult> Show(string? saved, Settings settings, CancellationToken stop) =>
        settings.Show(new() { Saved = saved }, stop);

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
            return await settings.Show(new() { Profile = form }, stop);
        }
        var outcome = await UserEndpoints.ChangeProfile(input, Precondition.None, accounts, me, stop);
        return outcome == Change.Done
            ? Pages.GoTo("/settings?saved=profile#page")
            : await settings.Show(new() { Profile = form.With(outcome.Refusal()) }, stop);
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
            return await settings.Show(new() { Password = form }, stop);
        }
        return await passwords.Make(input, Precondition.None, http, me, stop) is { } refused
            ? await settings.Show(new() { Password = form.With(refused) }, stop)
            : Pages.GoTo("/settings?saved=password#page");
    }

    private static async Task<IResult> Delete(
        Form<DeletionInput> form,
        AccountDeletion deletion,
        Settings settings,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await settings.Show(new() { Deletion = form }, stop);
        }
        if (await deletion.Make(input, http, me, stop) is { } refused)
        {
            return await settings.Show(new() { Deletion = form.With(refused) }, stop);
        }
        await WebSession.SignOut(http);
        return Pages.GoTo("/?left=true");
    }

    /// <summary>Answered without a redirect: the link is told in this one answer and kept nowhere.</summary>
    private static async Task<IResult> Invite(
        InvitationStore invitations,
        Settings settings,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var token = Secret.New();
        await invitations.Make(token, Roles.Member, me.Id, stop);
        return await settings.Show(new() { Invitation = $"{PublicUrl.Of(http)}/sign-up?invitation={token}" }, stop);
    }

    private static async Task<IResult> ChangeSignUp(
        Form<WorkspaceInput> form,
        WorkspaceStore workspace,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return Pages.Failure(StatusCodes.Status400BadRequest);
        }
        await workspace.Update(Precondition.None, input.SignUpOpen, stop);
        return Pages.GoTo("/settings?saved=sign_up#page");
    }
}
