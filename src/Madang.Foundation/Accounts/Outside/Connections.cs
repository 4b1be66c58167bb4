using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>What the page of connections shows, and what it does.</summary>
internal sealed class Connections(
    Database db,
    ConnectionStore store,
    AccountStore accounts,
    Providers providers,
    LinkTickets links
)
{
    internal async Task<IResult> Show(ConnectionsShown shown, CurrentUser me, CancellationToken stop)
    {
        var user = await accounts.Find(me.Id, stop);
        var linked = await store.List(me.Id, stop);
        return Pages.Show<ConnectionsPage>(
            new
            {
                shown.Saved,
                Refusal = shown.Refused?.Sentence,
                shown.Password,
                shown.Confirmation,
                HasPassword = user?.PasswordHash is not null,
                HasEmail = user?.Email is not null,
                Linked = linked.ConvertAll(one => new LinkedProvider(
                    one.Id,
                    one.Provider,
                    providers.Find(one.Provider)?.DisplayName ?? one.Provider,
                    one.Email,
                    one.LastUsedAt
                )),
                MayLink = shown.IsConfirmed || await IsFresh(me, stop),
                Others = providers
                    .All.Where(provider => linked.TrueForAll(one => one.Provider != provider.Name))
                    .Select(provider => new OfferedProvider(
                        provider.Name,
                        provider.DisplayName,
                        $"/login/{provider.Name}?link={links.Make(provider.Name, me)}&next=/settings/connections%3Fsaved%3Dlinked"
                    ))
                    .ToList(),
            },
            shown.Status
        );
    }

    /// <summary>Whoever held the connection may have come in by it: all other sessions end.</summary>
    /// <returns>Null when it is gone, otherwise why not: one way in must stay.</returns>
    internal Task<Refused?> Unlink(long id, Client client, string language, CurrentUser me, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                // One lock for all changes of users: two that are let go at once must not both count the other as staying.
                await WorkspaceStore.Lock(sql);
                var user = await AccountStore.Find(sql, me.Id);
                var others = (await ConnectionStore.List(sql, me.Id)).Where(one => one.Id != id);
                if (user?.PasswordHash is null && !others.Any(one => providers.Find(one.Provider) is not null))
                {
                    return new Refused(StatusCodes.Status409Conflict, "connections.last");
                }
                if (await ConnectionStore.Remove(sql, id, me.Id) is not { } provider)
                {
                    return new Refused(StatusCodes.Status404NotFound);
                }
                await SessionStore.EndOthers(sql, me.Id, me.SessionId, SignInRecords.SessionsEnded, client);
                await ConnectionNews.Tell(sql, me.Id, provider, isLinked: false, client, language);
                return null;
            },
            stop
        );

    private async Task<bool> IsFresh(CurrentUser me, CancellationToken stop) =>
        me.SessionId is { } session && await db.Read(sql => SessionStore.IsFresh(sql, session), stop);
}

/// <summary>What the page shows of what was just done.</summary>
internal sealed record ConnectionsShown
{
    /// <summary>What it was: <c>linked</c>, <c>unlinked</c>, <c>password</c>, or null.</summary>
    internal string? Saved { get; init; }

    /// <summary>Why one could not be let go, or null.</summary>
    internal Refused? Refused { get; init; }

    /// <summary>The form of the first password that came back, or null.</summary>
    internal IForm? Password { get; init; }

    /// <summary>The form that asks for the password and came back, or null.</summary>
    internal IForm? Confirmation { get; init; }

    /// <summary>Whether he has just given his password.</summary>
    internal bool IsConfirmed { get; init; }

    internal int Status => Refused?.StatusCode ?? Password?.Status ?? Confirmation?.Status ?? StatusCodes.Status200OK;
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
