using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

/// <summary>The calls that the tests of memos make again and again.</summary>
internal static class MemoCalls
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <returns>The id of the new memo.</returns>
    internal static async Task<long> Write(this Person person, string text, string visibility = "private")
    {
        var answer = await person.Client.PostAsJsonAsync("/api/v1/memos", new { text, visibility }, Stop);
        return (await answer.Json(HttpStatusCode.Created)).GetProperty("id").GetInt64();
    }

    internal static async Task<JsonElement> Read(this Person person, long id) =>
        await (await person.Client.GetAsync($"/api/v1/memos/{id}", Stop)).Json(HttpStatusCode.OK);

    /// <returns>The ids that a list has, on all its pages.</returns>
    internal static async Task<List<long>> List(this Person person, string query)
    {
        var ids = new List<long>();
        for (var url = $"/api/v1/memos?{query}"; url is not null; )
        {
            var page = await (await person.Client.GetAsync(url, Stop)).Json(HttpStatusCode.OK);
            ids.AddRange(
                page.GetProperty("results").EnumerateArray().Select(memo => memo.GetProperty("id").GetInt64())
            );
            url = page.GetProperty("next").GetString();
        }
        return ids;
    }

    internal static Task<List<long>> Find(this Person person, string sought, string scope = "mine") =>
        person.List($"scope={scope}&q={Uri.EscapeDataString(sought)}");

    internal static async Task<HttpStatusCode> Patch(this Person person, long id, object change) =>
        (await person.Client.PatchAsJsonAsync($"/api/v1/memos/{id}", change, Stop)).StatusCode;

    internal static async Task<HttpStatusCode> Put(this Person person, string path) =>
        (await person.Client.PutAsync($"/api/v1/memos/{path}", null, Stop)).StatusCode;

    internal static async Task<HttpStatusCode> Post(this Person person, string path) =>
        (await person.Client.PostAsync($"/api/v1/memos/{path}", null, Stop)).StatusCode;

    internal static async Task<HttpStatusCode> Delete(this Person person, string path) =>
        (await person.Client.DeleteAsync($"/api/v1/memos/{path}", Stop)).StatusCode;
}
