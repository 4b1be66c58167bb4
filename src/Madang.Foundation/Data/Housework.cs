using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Data;

/// <summary>Something that is thrown away once its time is over. Doing it twice, or in two processes at once, does no harm.</summary>
public interface IHousework
{
    /// <summary>Throws away what is due, in short transactions.</summary>
    Task Tidy(CancellationToken stop);
}

/// <summary>Does the housework of the foundation and of all rooms that run here: at start, and every hour.</summary>
internal sealed partial class HouseworkWorker(
    IEnumerable<IHousework> housework,
    TimeProvider clock,
    ILogger<HouseworkWorker> log
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        try
        {
            do
            {
                foreach (var one in housework)
                {
                    await Tidy(one, stoppingToken);
                }
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is left is done after the next start.
        }
    }

    private async Task Tidy(IHousework one, CancellationToken stop)
    {
        try
        {
            await one.Tidy(stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            CannotTidy(log, error, one.GetType().Name);
        }
    }

    [LoggerMessage(1401, LogLevel.Warning, "{Housework} can't be done now; the next try is in an hour.")]
    private static partial void CannotTidy(ILogger log, Exception error, string housework);
}
