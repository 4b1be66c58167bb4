using System.Net;
using System.Net.Sockets;
using System.Text;
using Madang.Foundation.Files;
using Madang.Memos.Pictures;
using Madang.Memos.Writing;
using Madang.Tests.Files;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

[Collection(nameof(SharedPictureYardOnSqlite))]
public sealed class KeepingPicturesOnSqlite(PictureYardOnSqlite yard) : KeepingPictures(yard);

[Collection(nameof(SharedPictureYardOnPostgres))]
public sealed class KeepingPicturesOnPostgres(PictureYardOnPostgres yard) : KeepingPictures(yard)
{
    /// <summary>On SQLite one of the two waits for the other's end, whatever they do.</summary>
    [Fact]
    public async Task A_picture_that_a_memo_is_about_to_show_is_not_taken_away_under_it()
    {
        var me = await yard.SignUp();
        var url = await me.Keep(Made.Png());
        yard.Clock.Advance(TimeSpan.FromHours(25));
        await yard.Database.Write(
            async sql =>
            {
                var memo = await MemoStore.Add(sql, me.Id, new() { Text = $"![ ]({url})" });
                await yard.Get<PictureHousework>().Tidy(TestContext.Current.CancellationToken);
                return memo;
            },
            TestContext.Current.CancellationToken
        );
        me = await yard.SignIn(me.Id, me.Email);
        Assert.Equal(HttpStatusCode.OK, await me.See(url));
    }
}

/// <summary>What isn't wanted leaves nothing behind, what is wanted is there and counted, and goes when its time is over.</summary>
public abstract class KeepingPictures(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_no_picture_is_refused_under_any_name_and_leaves_nothing()
    {
        var me = await yard.SignUp();
        var before = yard.Uploads();
        var html = Encoding.UTF8.GetBytes("<!doctype html><script>alert(1)</script>");
        await Refused(me.Bring(html), HttpStatusCode.UnsupportedMediaType);
        await Refused(
            me.Bring("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()),
            HttpStatusCode.UnsupportedMediaType
        );
        await Refused(me.Bring([]), HttpStatusCode.UnsupportedMediaType);
        await Refused(me.Bring(Made.Png(), "text/html"), HttpStatusCode.UnsupportedMediaType);
        await Refused(me.Bring(Made.Png()[..^3]), HttpStatusCode.BadRequest);
        await Refused(me.Bring(Made.PngBomb(30_000, 30_000)), HttpStatusCode.BadRequest);
        await Refused(me.Bring(Made.Jpeg()[..^2], "image/jpeg"), HttpStatusCode.BadRequest);
        await yard
            .Anonymous.Send(HttpMethod.Post, PictureCalls.Path, new ByteArrayContent(Made.Png()))
            .Is(HttpStatusCode.Unauthorized);
        Assert.Equal(before, yard.Uploads());

        using var named = await me.Bring(Made.Jpeg(), "image/png");
        Assert.Equal("image/jpeg", (await named.Json(HttpStatusCode.Created)).Text("media_type"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task More_than_ten_megabytes_are_refused_whether_announced_or_not(bool isAnnounced)
    {
        var me = await yard.SignUp();
        var before = yard.Uploads();
        var large = new byte[PictureFile.MostBytes + 1];
        Made.Png().CopyTo(large, 0);
        using var request = new HttpRequestMessage(HttpMethod.Post, PictureCalls.Path)
        {
            Content = isAnnounced ? new ByteArrayContent(large) : new StreamContent(new Unannounced(large)),
        };
        request.Content.Headers.ContentType = new("image/png");
        request.Headers.ExpectContinue = isAnnounced;
        var sent = me.Client.SendAsync(request, Stop);
        try
        {
            using var answer = await sent;
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        }
        catch (HttpRequestException) when (!isAnnounced)
        {
            // The server hung up while we were still sending.
        }
        await Probe.Until(() => yard.Uploads().Count == before.Count);
    }

    [Fact]
    public async Task A_connection_that_is_cut_half_way_leaves_nothing()
    {
        var me = await yard.SignUp();
        var before = yard.Uploads();
        using (var client = new TcpClient())
        {
            var url = new Uri(yard.Url);
            await client.ConnectAsync(url.Host, url.Port, Stop);
            var head =
                $"POST {PictureCalls.Path} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {me.AccessToken}\r\nContent-Type: image/png\r\nContent-Length: 500000\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Stop);
            await client.GetStream().WriteAsync(Made.Png(), Stop);
            await Probe.Until(() => yard.Uploads().Any(file => file.EndsWith(".part", StringComparison.Ordinal)));
        }
        await Probe.Until(() => yard.Uploads().Count == before.Count);
    }

    [Fact]
    public async Task A_members_quota_is_kept_exactly_whatever_comes_at_once()
    {
        var me = await yard.SignUp();
        var picture = Noise(20_000);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => me.Bring(picture)));

        var fit = (int)(PictureYardOnSqlite.Quota / picture.Length);
        Assert.Equal(fit, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(16 - fit, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.DoesNotContain(yard.Uploads(), file => file.StartsWith("new", StringComparison.Ordinal));
        await (await yard.SignUp()).Keep(picture);
        await me.Keep(Made.Png());
    }

    [Fact]
    public async Task The_same_key_brings_the_same_picture_once()
    {
        var me = await yard.SignUp();
        var before = yard.Uploads().Count;
        using var first = await me.Bring(Made.Png(), "image/png", ("Idempotency-Key", "one"));
        using var again = await me.Bring(Made.Png(), "image/png", ("Idempotency-Key", "one"));
        await Refused(
            me.Bring(Made.Gif(), "image/gif", ("Idempotency-Key", "one")),
            HttpStatusCode.UnprocessableEntity
        );

        var url = (await first.Json(HttpStatusCode.Created)).Text("url");
        Assert.Equal(url, (await again.Json(HttpStatusCode.Created)).Text("url"));
        Assert.Equal(before + 1, yard.Uploads().Count);
        Assert.Equal(HttpStatusCode.OK, await me.See(url));
    }

    [Fact]
    public async Task A_picture_that_no_memo_shows_goes_after_a_day_and_its_file_a_day_later()
    {
        var me = await yard.SignUp();
        var (unused, used, earlier) = (await me.Keep(Made.Png()), await me.Keep(Made.Png()), await me.Keep(Made.Png()));
        await me.Write($"![ ]({used})");
        await me.Patch(await me.Write($"![ ]({earlier})"), new { text = "이제 없어요" });
        await Tidy();
        Assert.Equal(HttpStatusCode.OK, await me.See(unused));

        me = await Wait(me);
        Assert.Equal(HttpStatusCode.NotFound, await me.See(unused));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await me.See(used), await me.See(earlier)));
        Assert.Single(yard.FilesOf(unused));

        me = await Wait(me);
        Assert.Empty(yard.FilesOf(unused));
        Assert.Single(yard.FilesOf(used));
        Assert.Equal(HttpStatusCode.OK, await me.See(used));
    }

    [Fact]
    public async Task The_pictures_of_a_deleted_user_go()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var url = await me.Keep(Made.Png());
        await me.Write($"![ ]({url})", "team");
        Assert.Equal(HttpStatusCode.OK, await other.See(url));

        await me.Client.Send(HttpMethod.Delete, "/api/v1/users/me").Is(HttpStatusCode.NoContent);
        await Probe.Until(async () => await other.See(url) == HttpStatusCode.NotFound);
        await Wait(other);
        Assert.Empty(yard.FilesOf(url));
    }

    [Fact]
    public async Task What_a_crash_left_on_its_way_is_finished_or_thrown_away()
    {
        var me = await yard.SignUp();
        var (read, found) = (await me.Keep(Made.Png()), await me.Keep(Made.Gif()));
        await me.Write($"![ ]({read}) ![ ]({found})");
        Unplace(read);
        Unplace(found);
        var arrivals = Path.Combine(yard.Folder, "uploads", "new");
        var (half, strange) = (
            Path.Combine(arrivals, "aa.part"),
            Path.Combine(arrivals, $"memos.{FileStore.NewName()}")
        );
        await File.WriteAllBytesAsync(half, Made.Png(), Stop);
        await File.WriteAllBytesAsync(strange, Made.Png(), Stop);
        File.SetLastWriteTimeUtc(half, yard.Clock.GetUtcNow().UtcDateTime);
        File.SetLastWriteTimeUtc(strange, yard.Clock.GetUtcNow().UtcDateTime);

        Assert.Equal(HttpStatusCode.OK, await me.See(read));
        Assert.StartsWith("memos", Assert.Single(yard.FilesOf(read)), StringComparison.Ordinal);
        await Tidy();
        Assert.True(File.Exists(half) && File.Exists(strange));
        await Wait(me);
        Assert.False(File.Exists(half) || File.Exists(strange));
        Assert.StartsWith("memos", Assert.Single(yard.FilesOf(found)), StringComparison.Ordinal);
    }

    /// <summary>As a process leaves it that ends between writing the row and placing the file.</summary>
    private void Unplace(string url)
    {
        var uploads = Path.Combine(yard.Folder, "uploads");
        var file = Path.Combine(uploads, Assert.Single(yard.FilesOf(url)));
        File.Move(file, Path.Combine(uploads, "new", $"memos.{Path.GetFileName(file)}"));
    }

    private async Task<Person> Wait(Person person)
    {
        yard.Clock.Advance(TimeSpan.FromHours(25));
        await Tidy();
        return await yard.SignIn(person.Id, person.Email);
    }

    private async Task Tidy()
    {
        await yard.Get<PictureHousework>().Tidy(Stop);
        yard.Get<FileStore>().RemoveScratch();
    }

    private static async Task Refused(Task<HttpResponseMessage> answer, HttpStatusCode status)
    {
        using var came = await answer;
        await came.Problem(status);
    }

    /// <returns>A picture that no compression makes smaller.</returns>
    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(7).NextBytes(noise);
        return Made.Png(3, 2, Made.Chunk("iCCP", noise));
    }

    private sealed class Unannounced(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
