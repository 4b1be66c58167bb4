using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>Stopped in the middle of a wave, the program itself has written every visit that it answered.</summary>
public sealed class StoppingWhileFollowing
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_graceful_stop_loses_no_visit()
    {
        using var folder = new TemporaryFolder();
        string slug;
        long answered;
        await using (var program = MadangProcess.Start("serve", "--urls", "http://127.0.0.1:0", folder.Setting))
        {
            var url = await program.Url;
            using var client = await program.SignedIn();
            var made = await client.PostAsJsonAsync("/api/v1/links", new { url = "https://example.com/" }, Stop);
            slug = (await made.Json(HttpStatusCode.Created)).Text("slug");
            answered = 0;
            var wave = Enumerable.Range(0, 8).Select(_ => Wave(url, slug, () => Interlocked.Increment(ref answered)));
            var waves = Task.WhenAll(wave);
            await Probe.Until(() => Interlocked.Read(ref answered) > 2_000);
            await program.Signal("TERM");
            await waves;
            Assert.Equal(0, (await program.Ended()).Code);
        }
        await using var again = MadangProcess.Start("serve", "--urls", "http://127.0.0.1:0", folder.Setting);
        using var reader = await again.SignedIn();
        var total = (
            await (await reader.GetAsync($"/api/v1/links/{slug}/stats", Stop)).Json(HttpStatusCode.OK)
        ).GetProperty("total");

        // What was answered when the connection broke was counted too: the client alone can't tell.
        Assert.InRange(total.Number("people") + total.Number("bots"), answered, answered + 8);
    }

    private static async Task Wave(string url, string slug, Action passed)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        try
        {
            while (true)
            {
                using var answer = await client.GetAsync($"{url}/{slug}", Stop);
                if (answer.StatusCode == HttpStatusCode.PermanentRedirect)
                {
                    passed();
                }
            }
        }
        catch (HttpRequestException)
        {
            // The server takes no more.
        }
    }
}
