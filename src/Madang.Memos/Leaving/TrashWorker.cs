using Madang.Foundation.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Memos.Leaving;

/// <summary>Empties the trash of what has been in it for 30 days, every hour.</summary>
internal sealed partial class TrashWorker(MemoPurge purge, TimeProvider clock, ILogger<TrashWorker> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                await purge.EmptyTrash(stoppingToken);
            }
            catch (DatabaseUnavailableException error)
            {
                CannotEmpty(log, error);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(2101, LogLevel.Warning, "The trash can't be emptied now; the next try is in an hour.")]
    private static partial void CannotEmpty(ILogger log, Exception error);
}
