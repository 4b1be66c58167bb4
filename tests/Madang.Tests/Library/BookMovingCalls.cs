using System.Net;
using System.Text;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>The calls that the tests of export and import of books make again and again.</summary>
internal static class BookMovingCalls
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static async Task<byte[]> ExportBooks(this Person person, string format)
    {
        using var answer = await person.Client.GetAsync($"/api/v1/books/export?format={format}", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        return await answer.Content.ReadAsByteArrayAsync(Stop);
    }

    internal static async Task<long> BeginImport(this Person person, byte[] file, string query = "")
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new("application/octet-stream");
        var made = await person.Client.PostAsync($"/api/v1/books/imports?{query}", content, Stop);
        return (await made.Json(HttpStatusCode.Created)).Number("id");
    }

    /// <returns>The import at its end.</returns>
    internal static async Task<JsonElement> ImportBooks(this Person person, byte[] file, string query = "") =>
        await person.EndedBooks(await person.BeginImport(file, query));

    internal static Task<JsonElement> ImportBooks(this Person person, string file, string query = "") =>
        person.ImportBooks(Encoding.UTF8.GetBytes(file), query);

    internal static async Task<JsonElement> BookImport(this Person person, long id) =>
        await (await person.Client.GetAsync($"/api/v1/books/imports/{id}", Stop)).Json(HttpStatusCode.OK);

    internal static async Task<JsonElement> EndedBooks(this Person person, long id)
    {
        var import = default(JsonElement);
        await Probe.Until(
            async () => (import = await person.BookImport(id)).Text("state") is "done" or "failed",
            TimeSpan.FromSeconds(120)
        );
        return import;
    }

    /// <returns>How it ended: of how many, added, here already, refused.</returns>
    internal static string BookCounts(this JsonElement import) =>
        $"{import.Text("state")} {import.Number("total")}: {import.Number("added")} {import.Number("present")} {import.Number("refused")}";

    internal static string[] BookLines(this JsonElement import) =>
        [
            .. import
                .GetProperty("lines")
                .EnumerateArray()
                .Select(line => $"{line.Number("line")} {line.Text("outcome")} {line.Text("reason")}".Trim()),
        ];
}
