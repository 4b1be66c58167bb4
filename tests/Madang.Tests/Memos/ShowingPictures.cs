using System.Net;
using System.Net.Http.Headers;
using Madang.Tests.Accounts;
using Madang.Tests.Files;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

[Collection(nameof(SharedPictureYardOnSqlite))]
public sealed class ShowingPicturesOnSqlite(PictureYardOnSqlite yard) : ShowingPictures(yard);

[Collection(nameof(SharedPictureYardOnPostgres))]
public sealed class ShowingPicturesOnPostgres(PictureYardOnPostgres yard) : ShowingPictures(yard);

/// <summary>Pictures are seen by whoever may read a memo that shows them, and are nothing but pictures.</summary>
public abstract class ShowingPictures(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_picture_comes_back_clean_and_can_do_nothing_but_be_seen()
    {
        var me = await yard.SignUp();
        var sent = Made.Png(3, 2, Made.Chunk("tEXt", Made.Text), Made.Chunk("eXIf", Made.Exif(1)));
        using var made = await me.Bring(sent);
        var picture = await made.Json(HttpStatusCode.Created);
        var url = picture.Text("url");
        Assert.Equal(url, made.Headers.Location!.ToString());
        Assert.Equal(
            ("image/png", 3, 2, Made.Png().Length),
            (picture.Text("media_type"), picture.Number("width"), picture.Number("height"), picture.Number("bytes"))
        );

        using var answer = await me.Client.Send(HttpMethod.Get, url);
        Assert.Equal(Made.Png(), await answer.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            "inline; filename=\"picture.png\"",
            answer.Content.Headers.GetValues("Content-Disposition").Single()
        );
        Assert.Equal("sandbox; default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl is { Private: true, Public: false });
        Assert.False(answer.Headers.ETag!.IsWeak);
        var etag = answer.Headers.ETag.Tag;
        await me.Client.Send(HttpMethod.Get, url, null, ("If-None-Match", etag)).Is(HttpStatusCode.NotModified);
        using var part = await me.Client.Send(HttpMethod.Get, url, null, ("Range", "bytes=1-3"));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("PNG"u8.ToArray(), await part.Content.ReadAsByteArrayAsync(Stop));
        using var head = await me.Client.Send(HttpMethod.Head, url);
        Assert.Equal(Made.Png().Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Others_see_it_while_a_team_memo_of_its_owner_shows_it_and_not_a_moment_longer()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var url = await me.Keep(Made.Png());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (await me.See(url), await other.See(url)));
        await yard.Anonymous.Send(HttpMethod.Get, url).Is(HttpStatusCode.Unauthorized);

        var memo = await me.Write($"![창]({url})");
        Assert.Equal(HttpStatusCode.NotFound, await other.See(url));
        await me.Patch(memo, new { visibility = "team" });
        Assert.Equal(HttpStatusCode.OK, await other.See(url));
        await me.Delete($"{memo}");
        Assert.Equal(HttpStatusCode.NotFound, await other.See(url));
        await me.Post($"{memo}/restore");
        Assert.Equal(HttpStatusCode.OK, await other.See(url));
        await me.Patch(memo, new { text = "그림 없이" });
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (await me.See(url), await other.See(url)));
        await me.Patch(memo, new { text = $"다시 ![창]({url})" });
        Assert.Equal(HttpStatusCode.OK, await other.See(url));
        await me.Patch(memo, new { visibility = "private" });
        Assert.Equal(HttpStatusCode.NotFound, await other.See(url));
    }

    [Fact]
    public async Task Who_writes_the_address_of_anothers_picture_into_a_memo_opens_it_to_nobody()
    {
        var (me, other, third) = (await yard.SignUp(), await yard.SignUp(), await yard.SignUp());
        var url = await me.Keep(Made.Png());
        await other.Write($"![창]({url})", "team");

        Assert.Equal(HttpStatusCode.NotFound, await other.See(url));
        Assert.Equal(HttpStatusCode.NotFound, await third.See(url));
    }

    [Theory]
    [InlineData("..%2F..%2Fmadang.db")]
    [InlineData("..%5Cmadang.db")]
    [InlineData("%2e%2e/%2e%2e/madang.db")]
    [InlineData("abcdefghijklmnopqrstuvwxyz-3x2")]
    [InlineData("a")]
    public async Task No_other_name_leads_to_a_file(string name)
    {
        var me = await yard.SignUp();
        using var answer = await me.Client.Send(HttpMethod.Get, $"/memos/pictures/{name}");
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
    }

    [Fact]
    public async Task A_form_brings_pictures_with_its_text_whatever_their_files_are_called()
    {
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await browser.Token("/memos")), "form_token" },
            { new StringContent("여행 #답사"), "text" },
            { new StringContent("team"), "visibility" },
            { Named(Made.Png(), "image/png"), "picture", "../../[창] 밖.png" },
            { Named(Made.Gif(), "text/html"), "picture", "b.html" },
        };
        // What browsers send for a field in which nothing was chosen.
        var nothing = Named([], "application/octet-stream");
        nothing.Headers.ContentDisposition = new("form-data") { Name = "picture", FileName = "\"\"" };
        form.Add(nothing);
        using var answer = await browser.Send(HttpMethod.Post, "/memos", form, ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);

        var memo = await me.Read((await me.List(""))[0]);
        var match = System.Text.RegularExpressions.Regex.Match(
            memo.Text("text"),
            @"^여행 #답사\n\n!\[창 밖\]\((/memos/pictures/[a-z2-7]{26}-3x2)\)\n!\[b\]\((/memos/pictures/[a-z2-7]{26}-1x1)\)$"
        );
        Assert.True(match.Success, memo.Text("text"));
        var other = await yard.SignUp();
        Assert.Equal(HttpStatusCode.OK, await other.See(match.Groups[2].Value));
        using var page = await browser.Send(HttpMethod.Get, "/memos");
        var html = await page.Content.ReadAsStringAsync(Stop);
        Assert.Contains(
            $"<img src=\"{match.Groups[1].Value}\" width=\"3\" height=\"2\"",
            html,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_form_with_something_else_comes_back_with_its_text_and_says_so()
    {
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await browser.Token("/memos")), "form_token" },
            { new StringContent("잃지 않을 글"), "text" },
            { Named("<svg/>"u8.ToArray(), "image/png"), "picture", "a.png" },
        };
        using var answer = await browser.Send(HttpMethod.Post, "/memos", form, ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Contains("잃지 않을 글</textarea>", html, StringComparison.Ordinal);
        Assert.Contains("PNG, JPEG, WebP, GIF 사진만", html, StringComparison.Ordinal);
        Assert.Empty(await me.List(""));
    }

    private static ByteArrayContent Named(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }
}
