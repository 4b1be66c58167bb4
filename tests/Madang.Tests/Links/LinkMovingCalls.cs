using System.Net;
using System.Text;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>The calls that the tests of export and import of links make again and again.</summary>
internal static class LinkMovingCalls
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static async Task<byte[]> ExportLinks(this Person person, string query)
    {
        using var answer = await person.Client.GetAsync($"/api/v1/links/export?{query}", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        return await answer.Content.ReadAsByteArrayAsync(Stop);
    }

    /// <returns>The import at its end.</returns>
    internal static async Task<JsonElement> ImportLinks(this Person person, byte[] file, string query)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new("application/octet-stream");
        var made = await person.Client.PostAsync($"/api/v1/links/imports?{query}", content, Stop);
        return await person.EndedLinks((await made.Json(HttpStatusCode.Created)).Number("id"));
    }

    internal static Task<JsonElement> ImportLinks(this Person person, string file, string query) =>
        person.ImportLinks(Encoding.UTF8.GetBytes(file), query);

    internal static async Task<JsonElement> EndedLinks(this Person person, long id)
    {
        var import = default(JsonElement);
        await Probe.Until(
            async () =>
            {
                import = await (await person.Client.GetAsync($"/api/v1/links/imports/{id}", Stop)).Json(
                    HttpStatusCode.OK
                );
                return import.Text("state") is "done" or "failed";
            },
            TimeSpan.FromSeconds(60)
        );
        return import;
    }

    /// <returns>How it ended: of how many, added, with another slug, here already, refused.</returns>
    internal static string LinkCounts(this JsonElement import) =>
        $"{import.Text("state")} {import.Number("total")}: {import.Number("added")} {import.Number("renamed")} {import.Number("present")} {import.Number("refused")}";

    internal static string[] Lines(this JsonElement import) =>
        [
            .. import
                .GetProperty("lines")
                .EnumerateArray()
                .Select(line => $"{line.Number("line")} {line.Text("outcome")} {line.Text("reason")}".Trim()),
        ];

    internal static async Task<JsonElement> Link(this Person person, string slug) =>
        await (await person.Client.GetAsync($"/api/v1/links/{slug}", Stop)).Json(HttpStatusCode.OK);

    /// <returns>The whole of a JSON export, link by link, in the order of their slugs.</returns>
    internal static async Task<string[]> AllLinks(this Person person, string query = "format=json") =>
        [
            .. JsonElement
                .Parse(Encoding.UTF8.GetString(await person.ExportLinks(query)))
                .GetProperty("links")
                .EnumerateArray()
                .Select(link => link.GetRawText())
                .Order(StringComparer.Ordinal),
        ];
}
