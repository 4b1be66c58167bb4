using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>What a user may change about himself. What is left out stays as it is.</summary>
public sealed record ProfileInput
{
    /// <summary>The display name: 1 to 64 characters of any script.</summary>
    [Needed, Longest(64)]
    public Given<string> Username { get; init; }

    /// <summary><c>ko</c>, <c>en</c>, or null for the browser's.</summary>
    [OneOf("ko", "en")]
    public Given<string> Language { get; init; }

    /// <summary><c>light</c>, <c>dark</c>, or null for the system's.</summary>
    [OneOf("light", "dark")]
    public Given<string> Theme { get; init; }

    /// <summary>An IANA time zone such as <c>Asia/Seoul</c>, or null for the server's.</summary>
    [TimeZone]
    public Given<string> TimeZone { get; init; }
}

/// <summary>Which users.</summary>
[ValidatableType]
public sealed record UserQuery
{
    /// <summary>Only those whose name or e-mail contains this, any case; at most 200 characters.</summary>
    [System.ComponentModel.Description("Only those whose name or e-mail contains this, any case.")]
    [Microsoft.AspNetCore.Mvc.FromQuery(Name = "q"), Longest(200)]
    public string? Q { get; init; }
}

/// <summary>What an admin may change about a user.</summary>
public sealed record UserChangeInput
{
    /// <summary><c>member</c>, <c>admin</c>, or a role that a room declares.</summary>
    [Needed, Longest(32)]
    public Given<string> Role { get; init; }

    /// <summary>Whether he may not sign in.</summary>
    [NotNull]
    public Given<bool?> Disabled { get; init; }
}

/// <summary>Users: oneself, and for admins everybody.</summary>
public static class UserEndpoints
{
    internal static void MapUsers(this RouteGroupBuilder api)
    {
        api.MapGet("/users", List).ForAdmins();
        api.MapGet("/users/me", ReadMe);
        api.MapPatch("/users/me", ChangeMe);
        api.MapDelete("/users/me", DeleteMe).ForOwnSignIns().Refuses(409);
        api.MapGet("/users/{id:long}", Read).Produces<UserView>().Produces<PublicProfile>().Refuses(404);
        api.MapPatch("/users/{id:long}", Change).ForAdmins().Refuses(404, 409);
    }

    /// <summary>Lists all users, or those whose name or e-mail contains a text.</summary>
    public static async Task<Ok<Page<UserView>>> List(
        [AsParameters] PageQuery page,
        [AsParameters] UserQuery query,
        AccountStore accounts,
        HttpRequest request,
        CancellationToken stop
    )
    {
        var (count, users) = await accounts.List(query.Q, page.Offset, page.Size, stop);
        return TypedResults.Ok(Page<UserView>.Of(request, page, count, users.ConvertAll(UserView.Of)));
    }

    /// <summary>Reads one's own account.</summary>
    public static async Task<Results<Ok<UserView>, Refused>> ReadMe(
        AccountStore accounts,
        CurrentUser me,
        CancellationToken stop
    ) => await accounts.Find(me.Id, stop) is { } user ? TypedResults.Ok(UserView.Of(user)) : new Refused(404);

    /// <summary>Changes one's own name, language, theme or time zone.</summary>
    public static async Task<Results<Ok<UserView>, Refused>> ChangeMe(
        ProfileInput input,
        Precondition ifMatch,
        AccountStore accounts,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var outcome = await ChangeProfile(input, ifMatch, accounts, me, stop);
        return outcome == Accounts.Change.Done ? await ReadMe(accounts, me, stop) : outcome.Refusal();
    }

    /// <summary>The change itself, for the page and the call alike.</summary>
    internal static Task<Change> ChangeProfile(
        ProfileInput input,
        Precondition ifMatch,
        AccountStore accounts,
        CurrentUser me,
        CancellationToken stop
    ) =>
        accounts.Update(
            me.Id,
            (_, user) =>
            {
                if (!ifMatch.Allows(UserView.Of(user)))
                {
                    return Task.FromResult(Accounts.Change.Stale);
                }
                user.Username = Fold.Clean(input.Username.Or(user.Username)).Trim();
                user.Language = input.Language.Or(user.Language!);
                user.Theme = input.Theme.Or(user.Theme!);
                user.TimeZone = input.TimeZone.Or(user.TimeZone!);
                return Task.FromResult(Accounts.Change.Done);
            },
            stop
        );

    /// <summary>Deletes one's own account; every room does with what it has as its documentation says.</summary>
    public static async Task<Results<NoContent, Refused>> DeleteMe(
        Precondition ifMatch,
        AccountStore accounts,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var outcome = await accounts.Delete(me.Id, user => ifMatch.Allows(UserView.Of(user)), stop);
        return outcome == Accounts.Change.Done ? TypedResults.NoContent() : outcome.Refusal();
    }

    /// <summary>Reads a user: whole for himself and for admins, otherwise what everybody may know.</summary>
    public static async Task<IResult> Read(long id, AccountStore accounts, CurrentUser me, CancellationToken stop)
    {
        if (await accounts.Find(id, stop) is not { DeletedAt: null } user)
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        return me.Id == id || me.IsAdmin
            ? TypedResults.Ok(UserView.Of(user))
            : TypedResults.Ok(new PublicProfile(user.Id, user.Username, user.CreatedAt));
    }

    /// <summary>Changes a user's role, or whether he may sign in.</summary>
    public static async Task<Results<Ok<UserView>, Refused>> Change(
        long id,
        UserChangeInput input,
        Precondition ifMatch,
        AccountStore accounts,
        Rooms rooms,
        HttpContext http,
        CancellationToken stop
    ) =>
        await ChangeUser(id, input, ifMatch, accounts, rooms, Client.Of(http), stop) is { } refused
            ? refused
            : TypedResults.Ok(UserView.Of((await accounts.Find(id, stop))!));

    /// <summary>The change itself, for the page and the call alike.</summary>
    /// <returns>Null when it is done, otherwise why not.</returns>
    internal static async Task<Refused?> ChangeUser(
        long id,
        UserChangeInput input,
        Precondition ifMatch,
        AccountStore accounts,
        Rooms rooms,
        Client client,
        CancellationToken stop
    )
    {
        if (input.Role is { IsGiven: true, Value: { } role } && !Roles.All(rooms).Contains(role))
        {
            return Refused.Field("role", "rule.unknown_role");
        }
        var outcome = await accounts.Update(
            id,
            async (sql, user) =>
            {
                if (!ifMatch.Allows(UserView.Of(user)))
                {
                    return Accounts.Change.Stale;
                }
                var becomesLess = input.Role.Or(user.Role) != Roles.Admin || input.Disabled.Or(false) == true;
                if (becomesLess && await AccountStore.IsLastAdmin(sql, user))
                {
                    return Accounts.Change.LastAdmin;
                }
                user.Role = input.Role.Or(user.Role);
                if (input.Disabled.IsGiven)
                {
                    user.DisabledAt = input.Disabled.Value == true ? user.DisabledAt ?? sql.Now : null;
                }
                if (user.DisabledAt is not null)
                {
                    await SessionStore.EndOthers(sql, id, null, SignInRecords.Disabled, client);
                }
                return Accounts.Change.Done;
            },
            stop
        );
        return outcome == Accounts.Change.Done ? null : outcome.Refusal();
    }
}
