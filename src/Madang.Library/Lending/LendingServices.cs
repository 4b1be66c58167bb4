using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Library.Calendars;
using Madang.Library.Desk;
using Madang.Library.Leaving;
using Madang.Library.Telling;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Library.Lending;

/// <summary>Registers all that lending needs, and maps its calls and pages.</summary>
internal static class LendingServices
{
    /// <summary>What waits for events.</summary>
    internal static IReadOnlyList<HandlerName> Handlers => [LoansOfDeletedUsers.Known, .. NoticeHandler.Known];

    internal static void AddLending(this IServiceCollection services)
    {
        services.AddSingleton<LoanStore>().AddSingleton<LoanLists>().AddSingleton<LendingLists>();
        services
            .AddSingleton<HoldStore>()
            .AddSingleton<CalendarStore>()
            .AddSingleton<NoticeStore>()
            .AddSingleton<LendingDesk>();
        services.AddSingleton<LoanReminders>().AddSingleton<IHousework>(all => all.GetRequiredService<LoanReminders>());
        services.AddSingleton<IEventHandler, LoansOfDeletedUsers>().AddSingleton<IExportSource, OwnLoans>();
        foreach (var make in new[] { NoticeHandler.OfDueSoon, NoticeHandler.OfOverdue, NoticeHandler.OfReady })
        {
            services.AddSingleton<IEventHandler>(all => make(all.GetRequiredService<NoticeStore>()));
        }
    }

    internal static void MapLendingRoom(this RouteGroupBuilder api, IEndpointRouteBuilder routes)
    {
        api.MapLending();
        api.MapHolds();
        routes.MapCalendars(api);
        routes.MapLendingPages();
        routes.MapDeskPages();
    }
}
