using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Links.Titles;

/// <summary>Links that want a title. Making one never waits for it: when too many wait, further ones go without.</summary>
public sealed class TitleQueue
{
    /// <summary>As many as one call makes.</summary>
    internal const int Most = 1_000;

    private readonly Channel<Untitled> queue = Channel.CreateBounded<Untitled>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Asks on unless <c>Links:FetchTitles</c> says no.</summary>
    public TitleQueue(IConfiguration configuration) => IsOn = configuration.GetValue("Links:FetchTitles", true);

    internal bool IsOn { get; }

    internal ChannelReader<Untitled> Waiting => queue.Reader;

    internal void Want(long link, string url)
    {
        if (IsOn)
        {
            queue.Writer.TryWrite(new(link, url));
        }
    }
}

/// <summary>A link without a title.</summary>
internal sealed record Untitled(long Id, string Url);

/// <summary>
/// Fetches titles, a few at a time. What waited at a stop is taken up at the next start: of the last thousand links those of the last
/// day that have no title, were made here and never touched since.
/// </summary>
internal sealed partial class TitleWorker(
    TitleQueue queue,
    TitleFetcher fetcher,
    TitleStore titles,
    ILogger<TitleWorker> log
) : BackgroundService
{
    private const int AtOnce = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!queue.IsOn)
        {
            return;
        }
        try
        {
            await TakeUp(stoppingToken);
            await Parallel.ForEachAsync(
                queue.Waiting.ReadAllAsync(stoppingToken),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
                async (link, stop) => await Fetch(link, stop)
            );
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is left is taken up at the next start.
        }
    }

    private async Task TakeUp(CancellationToken stop)
    {
        try
        {
            foreach (var link in await titles.Wanting(stop))
            {
                queue.Want(link.Id, link.Url);
            }
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            CannotWrite(log, error);
        }
    }

    private async Task Fetch(Untitled link, CancellationToken stop)
    {
        try
        {
            if (await fetcher.Read(link.Url, stop) is { } title)
            {
                await titles.Set(link, title, stop);
            }
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            CannotWrite(log, error);
        }
    }

    [LoggerMessage(3106, LogLevel.Warning, "A title that was fetched can't be kept now; its link stays without.")]
    private static partial void CannotWrite(ILogger log, Exception error);
}
