using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Admin;

/// <summary>The pages for admins: who is in the yard, who may come in, and who came.</summary>
internal static class AdminPages
{
    /// <summary>So many that a page stays under 30 KB.</summary>
    private const int PageSize = 15;

    internal static void MapAdminPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin", ShowUsers).AsPage().ForAdmins();
        routes.MapPost("/admin/users/{id:long}", ChangeUser).AsForm().ForAdmins();
        routes.MapGet("/admin/invitations", ShowInvitations).AsPage().ForAdmins();
        routes.MapPost("/admin/invitations", Invite).AsForm().ForAdmins();
        routes.MapPost("/admin/invitations/{id:long}/revoke", Revoke).AsForm().ForAdmins();
        routes.MapPost("/admin/sign-up", ChangeSignUp).AsForm().ForAdmins();
        routes.MapGet("/admin/sign-ins", ShowSignIns).AsPage().ForAdmins();
    }

    private static Task<IResult> ShowUsers(
        [AsParameters] PageQuery page,
        [AsParameters] UserQuery query,
        bool? saved,
        AccountStore accounts,
        Rooms rooms,
        HttpRequest request,
        CancellationToken stop
    ) => UsersPage(null, page, query, saved == true, accounts, rooms, request, stop);

    private static async Task<IResult> ChangeUser(
        long id,
        Form<UserChangeInput> form,
        AccountStore accounts,
        Rooms rooms,
        HttpContext http,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return Pages.Failure(StatusCodes.Status400BadRequest);
        }
        var client = Client.Of(http);
        return
            await UserEndpoints.ChangeUser(id, input, Precondition.None, accounts, rooms, client, stop) is { } refused
            ? await UsersPage(form.With(refused), new(), new(), false, accounts, rooms, http.Request, stop)
            : Pages.GoTo($"/admin?saved=true#user-{id}");
    }

    private static async Task<IResult> UsersPage(
        IForm? form,
        PageQuery page,
        UserQuery query,
        bool isSaved,
        AccountStore accounts,
        Rooms rooms,
        HttpRequest request,
        CancellationToken stop
    )
    {
        var place = page with { PageSize = PageSize };
        var (count, users) = await accounts.List(query.Q, place.Offset, place.Size, stop);
        return Pages.Show<UsersPage>(
            new
            {
                Form = form,
                Query = query.Q,
                IsSaved = isSaved,
                IsOneAdmin = await accounts.CountAdmins(stop) == 1,
                Roles = Roles.All(rooms).Order(StringComparer.Ordinal).ToList(),
                Users = Page<UserView>.Of(request, place, count, users.ConvertAll(UserView.Of)),
            },
            form?.Status ?? StatusCodes.Status200OK
        );
    }

    private static Task<IResult> ShowInvitations(
        [AsParameters] PageQuery page,
        string? saved,
        InvitationStore invitations,
        WorkspaceStore workspace,
        IOptions<SignInSettings> options,
        HttpRequest request,
        CancellationToken stop
    ) => InvitationsPage(null, saved, page, invitations, workspace, options, request, stop);

    /// <summary>Answered without a redirect: the link is told in this one answer and kept nowhere.</summary>
    private static async Task<IResult> Invite(
        InvitationStore invitations,
        WorkspaceStore workspace,
        IOptions<SignInSettings> options,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var token = Secret.New();
        await invitations.Make(token, Roles.Member, me.Id, stop);
        http.Response.Headers.CacheControl = "no-store";
        var link = $"{PublicUrl.Of(http)}/sign-up?invitation={token}";
        return await InvitationsPage(link, null, new(), invitations, workspace, options, http.Request, stop);
    }

    private static async Task<IResult> Revoke(long id, InvitationStore invitations, CancellationToken stop) =>
        await invitations.Revoke(id, _ => true, stop) == Change.Done
            ? Pages.GoTo("/admin/invitations?saved=revoked#page")
            : Pages.Failure(StatusCodes.Status404NotFound);

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
        return Pages.GoTo("/admin/invitations?saved=sign_up#page");
    }

    private static async Task<IResult> InvitationsPage(
        string? link,
        string? saved,
        PageQuery page,
        InvitationStore invitations,
        WorkspaceStore workspace,
        IOptions<SignInSettings> options,
        HttpRequest request,
        CancellationToken stop
    )
    {
        var place = page with { PageSize = PageSize };
        var (count, rows) = await invitations.ListOpen(place.Offset, place.Size, stop);
        return Pages.Show<InvitationsPage>(
            new
            {
                Link = link,
                Saved = saved,
                IsSignUpOpen = options.Value.AllowSignUp ?? (await workspace.View(stop)).SignUpOpen,
                IsSignUpFixed = options.Value.AllowSignUp is not null,
                Open = Page<InvitationView>.Of(request, place, count, rows.ConvertAll(InvitationView.Of)),
            }
        );
    }

    private static async Task<IResult> ShowSignIns(
        [AsParameters] SignInQuery query,
        Cursor? cursor,
        SignInRecords records,
        IUserDirectory users,
        HttpRequest request,
        CancellationToken stop
    )
    {
        var place = new CursorQuery { Cursor = cursor, PageSize = PageSize };
        var found = await records.List(query.UserId, cursor, place.Size, stop);
        return Pages.Show<SignInsPage>(
            new
            {
                SignIns = SessionEndpoints.PageOf(request, place, found),
                Of = query.UserId is { } id ? (await users.Find(id, stop))?.Username ?? $"#{id}" : null,
            }
        );
    }
}
