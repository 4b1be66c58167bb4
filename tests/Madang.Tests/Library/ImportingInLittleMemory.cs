using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Madang.Tests.Faults;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>A file is read book by book, and what became of its lines is written part by part: neither is ever in memory as a whole.</summary>
public sealed class ImportingInLittleMemory
{
    /// <summary>What the server needs without any import is about half of it; the file's lines, and what is told of them, were they kept, are more than the rest.</summary>
    private const int MebibytesOfHeap = 20;

    private const int Lines = 16_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_whose_lines_would_not_fit_into_memory_is_imported_and_told_of()
    {
        using var folder = new TemporaryFolder();
        await using var server = MadangProcess.StartWithin(
            MebibytesOfHeap,
            "serve",
            "--urls",
            "http://127.0.0.1:0",
            folder.Setting
        );
        using var client = await server.SignedIn();
        // All but one of them are there: what is told of here is not how fast books are written.
        // A title is told as it is up to two hundred letters.
        var title = new string('t', 194);
        var file = new StringBuilder("title,author,publisher,isbn\n");
        for (var line = 0; line < Lines; line++)
        {
            file.Append(CultureInfo.InvariantCulture, $"{line} {title},a,p,9791190090018\n");
        }
        using var body = new ByteArrayContent(Encoding.ASCII.GetBytes(file.ToString()));
        using var begun = await client.PostAsync("/api/v1/books/imports", body, Stop);
        var path = $"/api/v1/books/imports/{(await begun.Json(HttpStatusCode.Created)).Number("id")}";

        var import = default(JsonElement);
        await Probe.Until(
            async () =>
            {
                Assert.False(server.HasExited, "The server needs more memory.");
                using var answer = await client.GetAsync(path, Stop);
                import = await answer.Json(HttpStatusCode.OK);
                return import.Text("state") is "done" or "failed";
            },
            Form.Hang
        );
        Assert.Equal(($"done {Lines}: 1 {Lines - 1} 0", null), (import.BookCounts(), import.Text("problem")));
        using var lines = await client.GetAsync($"{path}/lines", Stop);
        Assert.Equal(Lines + 1, (await lines.Content.ReadAsStringAsync(Stop)).Count(sign => sign == '\n'));
    }
}
