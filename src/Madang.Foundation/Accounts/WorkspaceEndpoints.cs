using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>An invitation to be made.</summary>
public sealed record InvitationInput
{
    /// <summary>The role that its user will have; <c>member</c> when left out.</summary>
    [Longest(32)]
    public string? Role { get; init; }
}

/// <summary>A change of the yard's settings. What is left out stays as it is.</summary>
public sealed record WorkspaceInput
{
    /// <summary>Whether anybody may sign up; <c>SignIn:AllowSignUp</c> overrules it.</summary>
    [NotNull]
    public Given<bool?> SignUpOpen { get; init; }
}

/// <summary>Who may come into the yard: for admins.</summary>
public static class WorkspaceEndpoints
{
    internal static void MapWorkspace(this RouteGroupBuilder api)
    {
        api.MapGet("/invitations", ListInvitations).ForAdmins();
        api.MapPost("/invitations", Invite).ForAdmins();
        api.MapDelete("/invitations/{id:long}", RevokeInvitation).ForAdmins().Refuses(404);
        api.MapGet("/workspace", Read).ForAdmins();
        api.MapPatch("/workspace", Change).ForAdmins();
    }

    /// <summary>Lists the invitations that may still be used.</summary>
    public static async Task<Ok<Page<InvitationView>>> ListInvitations(
        [AsParameters] PageQuery page,
        InvitationStore invitations,
        HttpRequest request,
        CancellationToken stop
    )
    {
        var (count, rows) = await invitations.ListOpen(page.Offset, page.Size, stop);
        return TypedResults.Ok(Page<InvitationView>.Of(request, page, count, rows.ConvertAll(InvitationView.Of)));
    }

    /// <summary>Makes a link, good once and for seven days, by which one person signs up.</summary>
    public static async Task<Results<Made<NewInvitationView>, Refused>> Invite(
        InvitationInput input,
        InvitationStore invitations,
        Rooms rooms,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var role = input.Role ?? Roles.Member;
        if (!Roles.All(rooms).Contains(role))
        {
            return Refused.Field("role", "rule.unknown_role");
        }
        var token = Secret.New();
        var row = await invitations.Make(token, role, me.Id, stop);
        http.Response.Headers.CacheControl = "no-store";
        var view = new NewInvitationView(
            row.Id,
            row.Role,
            token,
            $"{PublicUrl.Of(http)}/sign-up?invitation={token}",
            row.CreatedAt,
            row.ExpiresAt
        );
        return Made<NewInvitationView>.Of(http, view, $"/api/v1/invitations/{row.Id}");
    }

    /// <summary>Takes an unused invitation back.</summary>
    public static async Task<Results<NoContent, Refused>> RevokeInvitation(
        long id,
        Precondition ifMatch,
        InvitationStore invitations,
        CancellationToken stop
    )
    {
        var outcome = await invitations.Revoke(id, row => ifMatch.Allows(InvitationView.Of(row)), stop);
        return outcome == Accounts.Change.Done ? TypedResults.NoContent() : outcome.Refusal();
    }

    /// <summary>Reads the yard's settings.</summary>
    public static async Task<Ok<WorkspaceView>> Read(WorkspaceStore workspace, CancellationToken stop) =>
        TypedResults.Ok(await workspace.View(stop));

    /// <summary>Changes the yard's settings.</summary>
    public static async Task<Results<Ok<WorkspaceView>, Refused>> Change(
        WorkspaceInput input,
        Precondition ifMatch,
        WorkspaceStore workspace,
        CancellationToken stop
    )
    {
        var outcome = await workspace.Update(ifMatch, input.SignUpOpen, stop);
        return outcome == Accounts.Change.Done ? TypedResults.Ok(await workspace.View(stop)) : outcome.Refusal();
    }
}
