using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>One answer, or how none came.</summary>
/// <param name="Status">Null when the connection broke or nothing came.</param>
/// <param name="Time">Until the answer, or until it was clear that none would come.</param>
/// <param name="HasRetryAfter">Whether it says when to come again.</param>
/// <param name="Broken">Why no answer came, or null.</param>
internal sealed record Outcome(HttpStatusCode? Status, TimeSpan Time, bool HasRetryAfter, string? Broken);

/// <summary>
/// Thirty-two clients that write one memo after the other, and remember what they were told. Each memo has a text of its own, two
/// tags, and every second one is the team's, so that it has a place in search and an event too.
/// </summary>
internal sealed class Writers : IAsyncDisposable
{
    internal const int Count = 32;

    private readonly HttpClient client;
    private readonly string padding;
    private readonly CancellationTokenSource end = new();
    private readonly Task[] all;

    private Writers(HttpClient client, string padding)
    {
        (this.client, this.padding) = (client, padding);
        all = [.. Enumerable.Range(0, Count).Select(number => Task.Run(() => Write(number)))];
    }

    /// <summary>The texts of the memos whose 201 arrived, by id.</summary>
    internal ConcurrentDictionary<long, string> Acknowledged { get; } = [];

    internal ConcurrentQueue<Outcome> Outcomes { get; } = [];

    /// <summary>Begins to write as this user.</summary>
    /// <param name="client">It is signed in, and disposed of at the end.</param>
    /// <param name="size">Roughly how many bytes a memo has.</param>
    internal static Writers Begin(HttpClient client, int size = 100) => new(client, new string('x', size));

    /// <summary>When there are so many more acknowledged than now.</summary>
    internal Task More(int count)
    {
        var goal = Acknowledged.Count + count;
        return Probe.Until(() => Acknowledged.Count >= goal, Form.Hang);
    }

    /// <summary>When somebody has been answered with this status after now.</summary>
    internal Task Somebody(params HttpStatusCode[] statuses)
    {
        var seen = Outcomes.Count;
        return Probe.Until(
            () => Outcomes.Skip(seen).Any(one => one.Status is { } status && statuses.Contains(status)),
            Form.Hang
        );
    }

    /// <summary>Ends them: those that wait for an answer get it first.</summary>
    internal async Task End()
    {
        await end.CancelAsync();
        await Task.WhenAll(all);
    }

    /// <summary>Everybody got an answer in time, and whoever was not served was told when to come back.</summary>
    /// <returns>The longest time of those who were not served.</returns>
    internal TimeSpan EverybodyWasAnswered(params HttpStatusCode[] refusals)
    {
        Assert.DoesNotContain(Outcomes, one => one.Broken is not null);
        var refused = Outcomes.Where(one => one.Status != HttpStatusCode.Created).ToList();
        Assert.All(refused, one => Assert.Contains(one.Status!.Value, refusals));
        Assert.All(refused, one => Assert.True(one.HasRetryAfter));
        Assert.All(Outcomes, one => Assert.True(one.Time < Form.Hang, $"{one}"));
        return refused.Count == 0 ? TimeSpan.Zero : refused.Max(one => one.Time);
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        client.Dispose();
        end.Dispose();
    }

    private async Task Write(int number)
    {
        while (!end.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
            var text = $"살아남을 메모 {Guid.NewGuid():N} #kill #w{number} {padding}";
            try
            {
                var visibility = number % 2 == 0 ? "team" : "private";
                using var answer = await client.PostAsJsonAsync("/api/v1/memos", new { text, visibility });
                var memo = await answer.Content.ReadFromJsonAsync<JsonElement>();
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    Acknowledged[memo.Number("id")] = text;
                }
                Outcomes.Enqueue(new(answer.StatusCode, watch.Elapsed, answer.Headers.RetryAfter is not null, null));
                if (answer.StatusCode != HttpStatusCode.Created)
                {
                    // Sooner than it was asked to, as impatient programs do.
                    await Task.Delay(100);
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
            {
                Outcomes.Enqueue(new(null, watch.Elapsed, false, error.Message));
                return;
            }
        }
    }
}
