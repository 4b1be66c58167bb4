using Madang.Foundation.Http;
using Madang.Foundation.Mail;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>The page of the providers through which one comes in: to link one more, to let one go, and to set a first password.</summary>
internal static class ConnectionPages
{
    private const string Path = "/settings/connections";

    internal static void MapConnectionPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AsPage();
        routes.MapPost($"{Path}/confirm", Confirm).AsForm().RequireRateLimiting(RateLimits.SignIn);
        routes.MapPost($"{Path}/{{id:long}}/unlink", Unlink).AsForm();
        routes.MapPost($"{Path}/password", SetPassword).AsForm().RequireRateLimiting(RateLimits.SignIn);
    }

    private static Task<IResult> Show(string? saved, Connections connections, CurrentUser me, CancellationToken stop) =>
        connections.Show(new() { Saved = saved }, me, stop);

    /// <summary>Answered without a redirect: that he has given his password is kept nowhere but in the links of this one answer.</summary>
    private static async Task<IResult> Confirm(
        Form<PasswordProofInput> form,
        PasswordProof proof,
        Connections connections,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await connections.Show(new() { Confirmation = form }, me, stop);
        }
        var (_, refused) = await proof.Ask(input, SignInRecords.ConnectionCheck, http, me, stop);
        return await connections.Show(
            refused is null ? new() { IsConfirmed = true } : new() { Confirmation = form.With(refused) },
            me,
            stop
        );
    }

    private static async Task<IResult> Unlink(
        long id,
        Connections connections,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    ) =>
        await connections.Unlink(id, Client.Of(http), MailEndpoints.Language, me, stop) is { } refused
            ? await connections.Show(new() { Refused = refused }, me, stop)
            : Pages.GoTo($"{Path}?saved=unlinked");

    private static async Task<IResult> SetPassword(
        Form<FirstPasswordInput> form,
        FirstPassword passwords,
        Connections connections,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await connections.Show(new() { Password = form }, me, stop);
        }
        return await passwords.Set(input, Client.Of(http), me, stop) is { } refused
            ? await connections.Show(new() { Password = form.With(refused) }, me, stop)
            : Pages.GoTo($"{Path}?saved=password");
    }
}
