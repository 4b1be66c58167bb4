using System.Net;
using System.Text.RegularExpressions;
using Madang.Library.Covers;
using Madang.Tests.Accounts;
using Madang.Tests.Files;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

[Collection(nameof(SharedSqliteYard))]
public sealed class UploadingCoversOnSqlite(SqliteYard yard) : UploadingCovers(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class UploadingCoversOnPostgres(PostgresYard yard) : UploadingCovers(yard);

/// <summary>Covers by the form on a book's page.</summary>
public abstract partial class UploadingCovers(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cover_that_is_uploaded_is_on_the_page_at_once_and_one_that_is_refused_says_why()
    {
        var id = (await yard.Admin.AddBook(LibraryCalls.NewBook("표지 있는 책"))).Number("book_id");
        var browser = await new Browser(yard).SignIn(yard.Admin);
        var page = $"/library/books/{id}";
        var drawn = Cover().Match(await Html(browser, page)).Value;
        using var svg = await Upload(browser, page, "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray());
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, svg.StatusCode);
        Assert.Contains(
            "JPEG, PNG, WebP 그림만 표지가 될 수 있어요.",
            await svg.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
        await Upload(browser, page, []).Is(HttpStatusCode.BadRequest);
        byte[] large = [.. Made.Png(), .. new byte[CoverStore.MostBytes + 1 - Made.Png().Length]];
        await Upload(browser, page, large).Is(HttpStatusCode.RequestEntityTooLarge);
        await Upload(browser, page, Made.PngBomb(10_200, 5_000)).Is(HttpStatusCode.BadRequest);
        Assert.Equal(drawn, Cover().Match(await Html(browser, page)).Value);
        await Upload(browser, page, Made.Png()).Is(HttpStatusCode.SeeOther);
        var brought = Cover().Match(await Html(browser, page)).Value;
        Assert.NotEqual(drawn, brought);
        Assert.Contains(
            brought,
            await Html(browser, "/library?q=" + Uri.EscapeDataString("표지 있는 책")),
            StringComparison.Ordinal
        );
        using var shown = await browser.Send(HttpMethod.Get, brought);
        Assert.Equal(Made.Png(), await shown.Content.ReadAsByteArrayAsync(Stop));
        await yard
            .Admin.Client.Send(HttpMethod.Get, $"/api/v1/books/{id}/cover", null, ("If-Match", "\"another\""))
            .Is(HttpStatusCode.PreconditionFailed);
        await browser.Post(page, $"{page}/cover/delete").Is(HttpStatusCode.SeeOther);
        Assert.Equal(drawn, Cover().Match(await Html(browser, page)).Value);
    }

    private static async Task<HttpResponseMessage> Upload(Browser browser, string page, byte[] picture)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(await browser.Token(page)), "form_token" },
            { new ByteArrayContent(picture), "cover", "cover.png" },
        };
        return await browser.Send(HttpMethod.Post, $"{page}/cover", form, ("Sec-Fetch-Site", "same-origin"));
    }

    private static async Task<string> Html(Browser browser, string path)
    {
        using var answer = await browser.Send(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    [GeneratedRegex("/api/v1/books/[0-9]+/cover\\?v=[a-z0-9]+")]
    private static partial Regex Cover();
}
