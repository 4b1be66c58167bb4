using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Files;
using Madang.Library.Lending;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madang.Library.Moving;

/// <summary>What moving books in and out needs.</summary>
internal static class MovingOfBooks
{
    internal static void AddMovingOfBooks(this IServiceCollection services)
    {
        services.AddSingleton<IncomingBooks>().AddSingleton<BookImportRun>().AddSingleton<BookImportStore>();
        services
            .AddSingleton<BookImportLines>()
            .AddSingleton<BookExport>()
            .AddSingleton<BookImportFiles>()
            .AddSingleton<LedgerAudit>();
        services.AddSingleton(all => new BookImporting(
            all.GetRequiredService<BookImportStore>(),
            all.GetRequiredService<BookImportRun>(),
            all.GetRequiredService<FileStore>(),
            all.GetRequiredService<TimeProvider>(),
            all.GetRequiredService<ILogger<BookImporting>>()
        ));
        services.AddHostedService(all => all.GetRequiredService<BookImporting>());
        services.AddSingleton<IHousework>(all => all.GetRequiredService<BookImportFiles>());
        services.AddSingleton<IEventHandler, ImportsOfDeletedUsers>();
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, BookMovingJson.Default)
        );
    }
}
