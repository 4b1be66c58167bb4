using System.Globalization;
using Madang.Foundation.Http;
using Madang.Foundation.Mail;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>The way to a provider and back.</summary>
internal sealed partial class OutsidePages
{
    private const string InvitationItem = "invitation";
    private const string LinkItem = "link";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/login/{provider}", Leave)
            .AsPageOrProblem()
            .AllowAnonymous()
            .RequireRateLimiting(RateLimits.SignIn);
        routes
            .MapGet("/auth/{provider}", Return)
            .AsPageOrProblem()
            .AllowAnonymous()
            .RequireRateLimiting(RateLimits.SignIn);
    }

    private static async Task<IResult> Leave(
        string provider,
        string? next,
        string? invitation,
        string? link,
        Providers providers,
        ProviderHandler handler,
        LinkTickets links,
        ILogger<OutsidePages> log,
        HttpContext http,
        CancellationToken stop
    )
    {
        if (providers.Find(provider) is not { } chosen)
        {
            return new OutsideFailure(Trouble.Unknown, null);
        }
        var me = CurrentUser.Of(http);
        if (link is not null && !links.IsFor(link, provider, me))
        {
            return new OutsideFailure(Trouble.OtherUser, chosen);
        }
        if (link is null && me is not null)
        {
            return Pages.GoTo(Pages.Local(next));
        }
        var way = new AuthenticationProperties { RedirectUri = Pages.Local(next) };
        if (link is not null)
        {
            way.SetString(LinkItem, LinkOf(me!));
        }
        else if (invitation is { Length: > 0 and <= 64 })
        {
            way.SetString(InvitationItem, invitation);
        }
        try
        {
            await providers.Discover(chosen, stop);
            await handler.Send(chosen, http, way);
            return Results.Empty;
        }
        catch (OutsideException error)
        {
            DidNotComeIn(log, error, provider, error.Trouble);
            return new OutsideFailure(error.Trouble, chosen);
        }
    }

    private static async Task<IResult> Return(
        string provider,
        Providers providers,
        ProviderHandler handler,
        OutsideSignIn signIn,
        ILogger<OutsidePages> log,
        HttpContext http,
        CancellationToken stop
    )
    {
        if (providers.Find(provider) is not { } chosen)
        {
            return new OutsideFailure(Trouble.Unknown, null);
        }
        try
        {
            var (profile, way) = await handler.Receive(chosen, http);
            var next = Pages.Local(way.RedirectUri);
            if (way.GetString(LinkItem) is { } link)
            {
                return await Link(profile, link, chosen, signIn, http, stop) ?? Pages.GoTo(next);
            }
            var outcome = await signIn.Enter(profile, way.GetString(InvitationItem), http, stop);
            if (outcome.Trouble is { } trouble)
            {
                await signIn.RecordFailure(provider, outcome.UserId, http, stop);
                return new OutsideFailure(trouble, chosen);
            }
            await WebSession.SignIn(http, outcome.SessionId);
            return Pages.GoTo(next);
        }
        catch (OutsideException error)
        {
            DidNotComeIn(log, error, provider, error.Trouble);
            if (handler.IsOurs)
            {
                await signIn.RecordFailure(provider, null, http, stop);
            }
            return new OutsideFailure(error.Trouble, chosen);
        }
    }

    /// <summary>The identity goes to who began to link, in the session in which he did, and to nobody else.</summary>
    private static async Task<IResult?> Link(
        Profile profile,
        string link,
        ProviderOptions provider,
        OutsideSignIn signIn,
        HttpContext http,
        CancellationToken stop
    )
    {
        var trouble =
            CurrentUser.Of(http) is { } me && LinkOf(me) == link
                ? await signIn.Link(profile, Client.Of(http), MailEndpoints.Language, me, stop)
                : Trouble.OtherUser;
        return trouble is { } found ? new OutsideFailure(found, provider) : null;
    }

    private static string LinkOf(CurrentUser me) =>
        string.Create(CultureInfo.InvariantCulture, $"{me.Id}:{me.SessionId}");

    [LoggerMessage(1211, LogLevel.Warning, "Nobody came in through {Provider}: {Trouble}.")]
    private static partial void DidNotComeIn(ILogger log, Exception error, string provider, Trouble trouble);
}
