using System.Diagnostics;
using System.Globalization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Library.Lending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Library.Calendars;

/// <summary>Where a calendar is to be read.</summary>
/// <param name="Url">Its secret address, which is told this once.</param>
public sealed record CalendarAddress(string Url);

/// <summary>Due dates for a member's calendar program, at an address that is a secret.</summary>
public static class CalendarEndpoints
{
    private const string Pattern = "/library/calendar/{token}.ics";
    private const int MostHolds = 1_000;

    internal static void MapCalendars(this IEndpointRouteBuilder routes, RouteGroupBuilder api)
    {
        // Making one anew ends the one before: repeating it by mistake costs an address, so it takes no Idempotency-Key.
        api.MapPut("/loans/calendar", Renew);
        api.MapDelete("/loans/calendar", Revoke);
        routes.MapGet(Pattern, Read).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Where traces are exported they have the path of each request, whatever it is answered: this one's is a secret.</summary>
    internal static void HideCalendarsFromTraces(this IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
            {
                if (http.Request.Path.StartsWithSegments("/library/calendar", StringComparison.OrdinalIgnoreCase))
                {
                    Activity.Current?.SetTag("url.path", Pattern);
                }
                return next(http);
            }
        );

    /// <summary>Makes the address of one's calendar; one that was made before ends.</summary>
    public static async Task<Ok<CalendarAddress>> Renew(
        CalendarStore calendars,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return TypedResults.Ok(new CalendarAddress(AddressOf(await calendars.Renew(me.Id, stop), http)));
    }

    /// <summary>Ends the address of one's calendar.</summary>
    public static async Task<NoContent> Revoke(CalendarStore calendars, CurrentUser me, CancellationToken stop)
    {
        await calendars.Revoke(me.Id, stop);
        return TypedResults.NoContent();
    }

    internal static string AddressOf(string token, HttpContext http) =>
        PublicUrl.Of(http) + Pattern.Replace("{token}", token, StringComparison.Ordinal);

    private static async Task<IResult> Read(
        string token,
        CalendarStore calendars,
        LendingLists lists,
        TimeProvider clock,
        HttpContext http,
        CancellationToken stop
    )
    {
        if (await calendars.Find(token, stop) is not { } owner)
        {
            return new Refused(404);
        }
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        var file = CalendarFile.Of(
            await lists.OpenOf(owner.Id, stop),
            await lists.HoldsOf(owner.Id, 0, MostHolds, stop),
            PublicUrl.Of(http),
            clock.GetUtcNow(),
            Languages.Of(owner.Language) ?? CultureInfo.CurrentUICulture,
            TimeZoneInfo.Local
        );
        return Results.Bytes(file, "text/calendar; charset=utf-8");
    }
}
