using Madang.Foundation.Data;
using Madang.Foundation.Http;
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
        routes.MapPost($"{Path}/{{id:long}}/unlink", Unlink).AsForm();
        routes.MapPost($"{Path}/password", SetPassword).AsForm().RequireRateLimiting(RateLimits.SignIn);
    }

    private static Task<IResult> Show(string? saved, Connections connections, CurrentUser me, CancellationToken stop) =>
        connections.Show(me, saved, null, null, stop);

    private static async Task<IResult> Unlink(
        long id,
        Connections connections,
        CurrentUser me,
        CancellationToken stop
    ) =>
        await connections.Unlink(id, me.Id, stop) is { } refused
            ? await connections.Show(me, null, refused, null, stop)
            : Pages.GoTo($"{Path}?saved=unlinked");

    private static async Task<IResult> SetPassword(
        Form<FirstPasswordInput> form,
        FirstPassword passwords,
        Connections connections,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return await connections.Show(me, null, null, form, stop);
        }
        return await passwords.Set(input, me, stop) is { } refused
            ? await connections.Show(me, null, null, form.With(refused), stop)
            : Pages.GoTo($"{Path}?saved=password");
    }
}

/// <summary>What the page shows, and what it does.</summary>
internal sealed class Connections(
    Database db,
    ConnectionStore store,
    AccountStore accounts,
    Providers providers,
    LinkTickets links
)
{
    internal async Task<IResult> Show(
        CurrentUser me,
        string? saved,
        Refused? refused,
        IForm? password,
        CancellationToken stop
    )
    {
        var user = await accounts.Find(me.Id, stop);
        var linked = await store.List(me.Id, stop);
        return Pages.Show<ConnectionsPage>(
            new
            {
                Saved = saved,
                Refusal = refused?.Sentence,
                Password = password,
                HasPassword = user?.PasswordHash is not null,
                HasEmail = user?.Email is not null,
                Linked = linked.ConvertAll(one => new LinkedProvider(
                    one.Id,
                    one.Provider,
                    providers.Find(one.Provider)?.DisplayName ?? one.Provider,
                    one.Email,
                    one.LastUsedAt
                )),
                Others = providers
                    .All.Where(provider => linked.TrueForAll(one => one.Provider != provider.Name))
                    .Select(provider => new OfferedProvider(
                        provider.Name,
                        provider.DisplayName,
                        $"/login/{provider.Name}?link={links.Make(provider.Name, me)}&next=/settings/connections%3Fsaved%3Dlinked"
                    ))
                    .ToList(),
            },
            refused?.StatusCode ?? password?.Status ?? StatusCodes.Status200OK
        );
    }

    /// <returns>Null when it is gone, otherwise why not: one way in must stay.</returns>
    internal Task<Refused?> Unlink(long id, long userId, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                // One lock for all changes of users: two that are let go at once must not both count the other as staying.
                await WorkspaceStore.Lock(sql);
                var user = await AccountStore.Find(sql, userId);
                var others = (await ConnectionStore.List(sql, userId)).Where(one => one.Id != id);
                if (user?.PasswordHash is null && !others.Any(one => providers.Find(one.Provider) is not null))
                {
                    return new Refused(StatusCodes.Status409Conflict, "connections.last");
                }
                return await ConnectionStore.Remove(sql, id, userId) == 1
                    ? null
                    : new Refused(StatusCodes.Status404NotFound);
            },
            stop
        );
}

/// <summary>A provider that is linked, as the page shows it.</summary>
/// <param name="Id">Of the connection.</param>
/// <param name="Name">The provider's name.</param>
/// <param name="DisplayName">What it is called.</param>
/// <param name="Email">The e-mail it gave, or null.</param>
/// <param name="LastUsedAt">When it was last used, to ten minutes.</param>
public sealed record LinkedProvider(long Id, string Name, string DisplayName, string? Email, DateTimeOffset LastUsedAt);

/// <summary>A provider that could be linked.</summary>
/// <param name="Name">The provider's name.</param>
/// <param name="DisplayName">What it is called.</param>
/// <param name="Path">Where that begins.</param>
public sealed record OfferedProvider(string Name, string DisplayName, string Path);
