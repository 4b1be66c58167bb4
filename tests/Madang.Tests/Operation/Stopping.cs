using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Operation;

/// <summary>Asked to stop, the program loses nothing; killed, see <see cref="Faults.KillingTheServer"/>.</summary>
public sealed class Stopping
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asked_to_stop_it_answers_what_it_has_begun_takes_no_more_and_ends_well()
    {
        using var folder = new TemporaryFolder();
        long made;
        await using (var program = MadangProcess.Start("serve", "--urls", "http://127.0.0.1:0", folder.Setting))
        {
            var url = await program.Url;
            using var client = await program.SignedIn();
            using var body = new BodyInHalves("""{"text":"반쯤 온 메모"}""");
            var answer = client.PostAsync("/api/v1/memos", body, Stop);
            await body.IsHalfSent;
            await program.Signal("TERM");
            await Probe.Until(() => IsRefused(url));
            body.SendTheRest();

            made = (await (await answer).Json(HttpStatusCode.Created)).GetProperty("id").GetInt64();
            Assert.Equal(0, (await program.Ended()).Code);
        }
        await AllAreThere(folder, [made]);
    }

    private static async Task<bool> IsRefused(string url)
    {
        try
        {
            using var client = new HttpClient();
            await client.GetAsync($"{url}/health/live", Stop);
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static async Task AllAreThere(TemporaryFolder folder, IEnumerable<long> acknowledged)
    {
        await using var program = MadangProcess.Start("serve", "--urls", "http://127.0.0.1:0", folder.Setting);
        using var client = await program.SignedIn();
        var kept = new HashSet<long>();
        for (var url = "/api/v1/memos?page_size=500"; url is not null; )
        {
            var page = await client.GetFromJsonAsync<JsonElement>(url, Stop);
            kept.UnionWith(
                page.GetProperty("results").EnumerateArray().Select(memo => memo.GetProperty("id").GetInt64())
            );
            url = page.GetProperty("next").GetString();
        }
        Assert.Superset(acknowledged.ToHashSet(), kept);
    }
}

/// <summary>A JSON body of which the second half waits.</summary>
internal sealed class BodyInHalves : HttpContent
{
    private readonly byte[] body;
    private readonly TaskCompletionSource half = new();
    private readonly TaskCompletionSource rest = new();

    internal BodyInHalves(string json)
    {
        body = System.Text.Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new("application/json");
    }

    internal Task IsHalfSent => half.Task;

    internal void SendTheRest() => rest.SetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var middle = body.Length / 2;
        await stream.WriteAsync(body.AsMemory(0, middle));
        await stream.FlushAsync();
        half.SetResult();
        await rest.Task;
        await stream.WriteAsync(body.AsMemory(middle));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
