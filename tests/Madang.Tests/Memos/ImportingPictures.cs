using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Madang.Foundation.Files;
using Madang.Memos.Moving;
using Madang.Memos.Pictures;
using Madang.Tests.Files;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

[Collection(nameof(SharedPictureYardOnSqlite))]
public sealed class ImportingPicturesOnSqlite(PictureYardOnSqlite yard) : ImportingPictures(yard);

[Collection(nameof(SharedPictureYardOnPostgres))]
public sealed class ImportingPicturesOnPostgres(PictureYardOnPostgres yard) : ImportingPictures(yard);

/// <summary>Pictures that come with the memos that show them.</summary>
public abstract class ImportingPictures(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData("/api/v1/memos/export"), InlineData("/api/v1/users/me/export")]
    public async Task They_come_back_as_pictures_of_whoever_imports_them_once_however_many_memos_show_them(
        string export
    )
    {
        var (from, to) = (await yard.SignUp(), await yard.SignUp());
        var (sea, hill) = (await from.Keep(Made.Png(3, 2)), await from.Keep(Made.Gif()));
        await from.Write($"바다 ![ ]({sea}) 다시 ![ ]({sea})");
        await from.Write($"바다와 산 ![ ]({sea}) ![ ]({hill})");
        await from.Keep(Made.Png(5, 5));
        using var answer = await from.Client.GetAsync(export, Stop);
        var file = await answer.Content.ReadAsByteArrayAsync(Stop);
        var before = Kept().Count;

        var tried = await to.Import(file, "dry_run=true");
        Assert.Equal(
            ("done 2: 2 0 0", 2, 0),
            (tried.Counts(), tried.Number("pictures"), tried.Number("pictures_refused"))
        );
        Assert.Empty(await to.Pictures());
        var import = await to.Import(file);
        Assert.Equal(
            ("done 2: 2 0 0", 2, 0),
            (import.Counts(), import.Number("pictures"), import.Number("pictures_refused"))
        );

        var pictures = await to.Pictures();
        var mine = Assert.Single(pictures.Where(url => url.EndsWith("-3x2", StringComparison.Ordinal)).Distinct());
        var moving = Assert.Single(pictures, url => url.EndsWith("-1x1", StringComparison.Ordinal));
        Assert.Equal(4, pictures.Count);
        Assert.DoesNotContain(sea, pictures);
        Assert.Equal(Made.Png(3, 2), await Bytes(to, mine));
        Assert.Equal(Made.Gif(), await Bytes(to, moving));
        Assert.Equal(HttpStatusCode.NotFound, await to.See(sea));
        Assert.Equal(HttpStatusCode.NotFound, await from.See(mine));

        var again = await to.Import(file);
        Assert.Equal(("done 2: 0 2 0", 0), (again.Counts(), again.Number("pictures")));
        Assert.Equal(before + 2, Kept().Count);
    }

    [Fact]
    public async Task Those_that_no_upload_would_keep_are_named_with_their_reason_and_their_memos_come_all_the_same()
    {
        var me = await yard.SignUp();
        var large = new byte[PictureFile.MostBytes + 1];
        Made.Png().CopyTo(large, 0);
        var exif = Made.Segment(0xE1, [.. "Exif\0\0"u8, .. Made.Exif(1)]);
        (string Name, byte[]? Content)[] files =
        [
            (Id('a'), Made.Jpeg(exif)),
            (Id('b'), "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()),
            (Id('c'), Made.Png()[..^3]),
            (Id('d'), Made.PngBomb(30_000, 30_000)),
            (Id('e'), large),
            (Id('f'), Noise(60_000)),
            (Id('g'), Noise(60_001)),
            (Id('h'), null),
        ];
        var file = MovingCalls.Zip([
            .. files.Select((one, at) => ($"{at}.md", Memo(at, $"{one.Name[0]} ![ ](/memos/pictures/{one.Name})"))),
            .. files.Where(one => one.Content is not null).Select(one => ($"pictures/{one.Name}.png", one.Content!)),
        ]);
        string[] refusals =
        [
            $"pictures/{Id('b')}.png picture_unknown",
            $"pictures/{Id('c')}.png picture_broken",
            $"pictures/{Id('d')}.png picture_too_many_pixels",
            $"pictures/{Id('e')}.png picture_too_large",
            $"pictures/{Id('g')}.png picture_quota",
            $"pictures/{Id('h')} picture_missing",
        ];
        foreach (var query in new[] { "dry_run=true", "" })
        {
            var import = await me.Import(file, query);
            Assert.Equal(
                ("done 8: 8 0 0", 2, 6),
                (import.Counts(), import.Number("pictures"), import.Number("pictures_refused"))
            );
            Assert.Equal(refusals, import.Refusals().Order(StringComparer.Ordinal));
        }

        Assert.Equal(8, (await me.All()).Count);
        var pictures = await me.Pictures();
        var jpeg = pictures.Single(url => url.EndsWith("-16x8", StringComparison.Ordinal));
        using var answer = await me.Client.GetAsync(jpeg, Stop);
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType!.MediaType);
        Assert.True((await answer.Content.ReadAsByteArrayAsync(Stop)).AsSpan().IndexOf("Exif"u8) < 0);
        Assert.Contains($"/memos/pictures/{Id('b')}", pictures);
        Assert.DoesNotContain(yard.Uploads(), path => path.StartsWith("new/memos.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_place_of_one_in_a_zip_is_told_no_longer_than_anybody_reads()
    {
        var me = await yard.SignUp();
        var place = $"pictures/{string.Concat(Enumerable.Repeat("folder/", 1_000))}{Id('a')}.png";
        var file = MovingCalls.Zip(("1.md", Memo(1, $"![ ](/memos/pictures/{Id('a')})")), (place, "no"u8.ToArray()));
        Assert.Equal([$"{place[..200]} picture_unknown"], (await me.Import(file)).Refusals());
    }

    [Fact]
    public async Task One_that_is_here_already_is_not_kept_twice()
    {
        var me = await yard.SignUp();
        var (mine, noise) = (await me.Keep(Made.Png()), await me.Keep(Noise(40_000)));
        var file = MovingCalls.Zip(
            ("1.md", Memo(1, $"내 주소 ![ ]({mine})")),
            ("2.md", Memo(2, $"같은 사진 ![ ](/memos/pictures/{Id('n')})")),
            ($"pictures/{Id('n')}.png", Noise(40_000)),
            ($"pictures/{mine[(mine.LastIndexOf('/') + 1)..]}.png", Made.Gif())
        );
        var files = Kept();
        var import = await me.Import(file);
        Assert.Equal(
            ("done 2: 2 0 0", 0, 0),
            (import.Counts(), import.Number("pictures"), import.Number("pictures_refused"))
        );
        Assert.Equal(
            new[] { mine, noise }.Order(StringComparer.Ordinal),
            (await me.Pictures()).Order(StringComparer.Ordinal)
        );
        Assert.Equal(files, Kept());
    }

    /// <summary>Its address is four characters longer than the one in the texts, which says another size.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task One_for_which_a_memo_has_no_room_comes_with_another_that_has(bool longerFirst)
    {
        var me = await yard.SignUp();
        var shown = $"![ ](/memos/pictures/{Id('a')})";
        var (full, small) = (shown + new string('x', Madang.Memos.Memo.LongestText - shown.Length), $"작은 {shown}");
        var file = MovingCalls.Zip(
            ("1.md", Memo(1, longerFirst ? full : small)),
            ("2.md", Memo(2, longerFirst ? small : full)),
            ($"pictures/{Id('a')}.png", Made.Png(300, 200))
        );
        foreach (var query in new[] { "dry_run=true", "" })
        {
            var import = await me.Import(file, query);
            Assert.Equal(
                ("done 2: 2 0 0", 1, 1),
                (import.Counts(), import.Number("pictures"), import.Number("pictures_refused"))
            );
            Assert.Equal([$"pictures/{Id('a')}.png picture_no_room"], import.Refusals());
        }
        var all = await me.All();
        Assert.Single(all, memo => memo.StartsWith($"{full}|", StringComparison.Ordinal));
        Assert.Single(all, memo => memo.Contains("-300x200", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_more_of_them_wait_for_their_memo_than_the_member_has_room_for()
    {
        var me = await yard.SignUp();
        using var brought = new IncomingPictures(yard.Get<PictureStore>(), yard.Get<KnownPictures>(), me.Id);
        var many = Enumerable
            .Range(1, 5)
            .Select(number => new IncomingPicture(
                $"{number}",
                $"pictures/{number}.png",
                () => new MemoryStream(Noise(30_000 + number))
            ));
        var now = DateTimeOffset.UtcNow;
        var memo = new IncomingMemo("origin", null, "다섯", "private", null, null, now, now) { Pictures = [.. many] };
        await brought.Receive([memo], Stop);
        Assert.Equal(3, brought.Outcomes.Refused);
        Assert.Equal(2, yard.Uploads().Count(path => path.StartsWith("new/memos.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_member_s_room_is_summed_once_for_all_that_one_transaction_writes()
    {
        var me = await yard.SignUp();
        var ids = Enumerable.Range(0, 8).Select(at => Id((char)('a' + at))).ToList();
        var file = MovingCalls.Zip([
            ("1.md", Memo(1, string.Join(' ', ids.Select(id => $"![ ](/memos/pictures/{id})")))),
            .. ids.Select((id, at) => ($"pictures/{id}.png", Noise(1_000 + at))),
        ]);
        var sums = 0;
        yard.Database.Watcher = (text, _) => sums += text.Contains("SUM(bytes)", StringComparison.Ordinal) ? 1 : 0;
        var import = await me.Import(file);
        yard.Database.Watcher = null;
        Assert.Equal(8, import.Number("pictures"));
        // Once before they are received, once where they are written.
        Assert.Equal(2, sums);
    }

    private List<string> Kept() => yard.Uploads().FindAll(path => path.StartsWith("memos", StringComparison.Ordinal));

    private static byte[] Memo(int number, string text) =>
        MovingCalls.Utf8(
            string.Create(
                CultureInfo.InvariantCulture,
                $"---\ncreated_at: 2024-03-14T09:30:{number:00}Z\n---\n\n{text}\n"
            )
        );

    private static string Id(char letter) => $"{new string(letter, 26)}-3x2";

    /// <returns>A picture that no compression makes smaller.</returns>
    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(7).NextBytes(noise);
        return Made.Png(3, 2, Made.Chunk("iCCP", noise));
    }

    private static async Task<byte[]> Bytes(Person person, string url)
    {
        using var answer = await person.Client.GetAsync(url, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(Stop);
    }
}

/// <summary>What the memos of a user show.</summary>
internal static partial class ShownPictures
{
    /// <returns>The addresses of all pictures in all memos of a user, in the order of the export.</returns>
    internal static async Task<List<string>> Pictures(this Person person) =>
        [.. (await person.All()).SelectMany(memo => Address().Matches(memo).Select(match => match.Value))];

    [GeneratedRegex("/memos/pictures/[a-z2-7]{26}-[0-9]+x[0-9]+")]
    private static partial Regex Address();
}
