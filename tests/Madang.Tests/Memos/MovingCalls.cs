using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

/// <summary>The calls that the tests of export and import make again and again.</summary>
internal static class MovingCalls
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static async Task<byte[]> Export(this Person person, string format)
    {
        using var answer = await person.Client.GetAsync($"/api/v1/memos/export?format={format}", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(Stop);
    }

    /// <returns>The import at its end.</returns>
    internal static async Task<JsonElement> Import(this Person person, byte[] file, string query = "")
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new("application/octet-stream");
        var made = await person.Client.PostAsync($"/api/v1/memos/imports?{query}", content, Stop);
        return await person.Ended((await made.Json(HttpStatusCode.Created)).Number("id"));
    }

    internal static Task<JsonElement> Import(this Person person, string json, string query = "") =>
        person.Import(Encoding.UTF8.GetBytes(json), query);

    internal static async Task<JsonElement> Ended(this Person person, long id)
    {
        var import = default(JsonElement);
        await Probe.Until(
            async () =>
            {
                import = await (await person.Client.GetAsync($"/api/v1/memos/imports/{id}", Stop)).Json(
                    HttpStatusCode.OK
                );
                return import.Text("state") is "done" or "failed";
            },
            TimeSpan.FromSeconds(60)
        );
        return import;
    }

    /// <returns>All memos of a user as the export has them, without their ids.</returns>
    internal static async Task<List<string>> All(this Person person)
    {
        var export = JsonElement.Parse(Encoding.UTF8.GetString(await person.Export("json")));
        return
        [
            .. export
                .GetProperty("memos")
                .EnumerateArray()
                .Select(memo =>
                    string.Join(
                        '|',
                        memo.EnumerateObject().Where(field => field.Name != "id").Select(field => $"{field.Value}")
                    )
                )
                .Order(StringComparer.Ordinal),
        ];
    }

    internal static string Counts(this JsonElement import) =>
        $"{import.Text("state")} {import.Number("total")}: {import.Number("added")} {import.Number("present")} {import.Number("refused")}";

    internal static string[] Refusals(this JsonElement import) =>
        [
            .. import
                .GetProperty("refusals")
                .EnumerateArray()
                .Select(refusal => $"{refusal.Text("place")} {refusal.Text("reason")}"),
        ];

    internal static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        var body = new MemoryStream();
        using (var zip = new ZipArchive(body, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return body.ToArray();
    }

    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
