using System.Text;
using Madang.Foundation.Files;

namespace Madang.Tests.Files;

/// <summary>What comes out of a picture is the picture; what it is, its bytes say.</summary>
public sealed class CleaningPictures
{
    [Fact]
    public void A_PNG_loses_its_texts_its_time_and_whatever_nobody_knows_and_keeps_its_looks()
    {
        var gamma = Made.Chunk("gAMA", [0, 0, 177, 143]);
        var picture = Made.Png(
            3,
            2,
            gamma,
            Made.Chunk("tEXt", Made.Text),
            Made.Chunk("zTXt", Made.Text),
            Made.Chunk("iTXt", Made.Text),
            Made.Chunk("tIME", [7, 234, 11, 21, 9, 0, 0]),
            Made.Chunk("eXIf", Made.Exif(1)),
            Made.Chunk("prVt", Made.Text)
        );
        Assert.Equal(Made.Png(3, 2, gamma), Clean([.. picture, .. Made.Text], "image/png", 3, 2));
    }

    [Fact]
    public void A_JPEG_loses_EXIF_XMP_comments_thumbnails_and_what_follows_its_end_and_keeps_its_colours()
    {
        var profile = Made.Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, 9, 9]);
        var adobe = Made.Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 1]);
        var picture = Made.Jpeg(
            Made.Segment(0xE1, [.. "Exif\0\0"u8, .. Made.Exif(1)]),
            Made.Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Made.Text]),
            profile,
            adobe,
            Made.Segment(0xED, Made.Text),
            Made.Segment(0xE2, [.. "MPF\0"u8, .. Made.Text]),
            Made.Segment(0xFE, Made.Text)
        );
        var clean = Clean([.. picture, .. Made.Jpeg(), .. Made.Text], "image/jpeg", 16, 8);

        var plain = Made.Jpeg(profile, adobe);
        byte[] header = Made.Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        Assert.Equal([0xFF, 0xD8, .. header, .. plain[(2 + header.Length + 3)..]], clean);
    }

    [Theory, InlineData(3, 16, 8), InlineData(6, 8, 16), InlineData(8, 8, 16)]
    public void A_JPEG_that_lies_on_its_side_keeps_which_way_up_it_is_and_nothing_else(
        int orientation,
        int width,
        int height
    )
    {
        var exif = Made.Segment(0xE1, [.. "Exif\0\0"u8, .. Made.Exif(orientation)]);
        var clean = Clean(Made.Jpeg(exif), "image/jpeg", width, height);

        var at = clean.AsSpan().IndexOf("Exif\0\0"u8);
        Assert.Equal(orientation, Exif.Orientation(clean.AsSpan(at + 6)));
        Assert.Equal((0, 6 + 26 + 2), (clean[at - 2], clean[at - 1]));
    }

    [Fact]
    public void A_WebP_loses_EXIF_and_XMP_with_their_flags_and_keeps_its_profile()
    {
        var picture = Made.Webp(
            0x20 | 0x08 | 0x04,
            Made.Riff("EXIF", Made.Exif(1)),
            Made.Riff("XMP ", Made.Text),
            Made.Riff("ZZZZ", Made.Text)
        );
        Assert.Equal(Made.Webp(0x20), Clean([.. picture, .. Made.Text], "image/webp", 1, 1));
        var turned = Clean(Made.Webp(0x08, Made.Riff("EXIF", Made.Exif(3))), "image/webp", 1, 1);
        Assert.Equal(Made.Webp(0x08, Made.Riff("EXIF", Exif.Of(3))), turned);
    }

    [Fact]
    public void A_GIF_loses_comments_and_strangers_blocks_and_still_moves()
    {
        var picture = Made.Gif(
            Made.GifExtension(0xFE, Made.Secret),
            Made.GifExtension(0x01, Made.Secret),
            [.. Made.GifExtension(0xFF, "XMP DataXMP")[..^1], 3, 1, 2, 3, 0]
        );
        Assert.Equal(Made.Gif(), Clean([.. picture, .. Made.Text], "image/gif", 1, 1));
    }

    [Fact]
    public void Too_many_pixels_are_refused_by_the_header_before_anything_is_inflated()
    {
        Assert.Equal(PictureFault.TooManyPixels, Fault(Made.PngBomb(50_000, 1_001)));
        Assert.Equal(PictureFault.TooManyPixels, Fault(Made.PngBomb(int.MaxValue, int.MaxValue)));
        Assert.Equal(PictureFault.None, Fault(Made.PngBomb(50_000, 1_000)));
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")]
    [InlineData("<!doctype html><script>alert(1)</script>")]
    [InlineData("BM")]
    [InlineData("")]
    public void What_is_no_picture_is_none_whatever_it_is_called(string content) =>
        Assert.Equal(PictureFault.NotAPicture, Fault(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void A_picture_that_breaks_off_anywhere_is_broken()
    {
        byte[][] pictures =
        [
            Made.Png(3, 2, Made.Chunk("gAMA", [0, 0, 177, 143])),
            Made.Jpeg(Made.Segment(0xE1, [.. "Exif\0\0"u8, .. Made.Exif(6)])),
            Made.Webp(0x08, Made.Riff("EXIF", Made.Exif(3))),
            Made.Gif(),
        ];
        foreach (var picture in pictures)
        {
            Assert.Equal(PictureFault.None, Fault(picture));
            for (var length = 12; length < picture.Length; length++)
            {
                Assert.Equal(PictureFault.Broken, Fault(picture[..length]));
            }
        }
    }

    [Fact]
    public void A_PNG_whose_chunks_are_damaged_or_out_of_order_is_broken()
    {
        var whole = Made.Png();
        for (var at = 8; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 1;
            Assert.NotEqual(PictureFault.None, Fault(damaged));
        }
        Assert.Equal(
            PictureFault.Broken,
            Fault(Made.Png(3, 2, Made.Chunk("IDAT", [1]), Made.Chunk("gAMA", [0, 0, 0, 1])))
        );
        Assert.Equal(PictureFault.Broken, Fault(Made.Png(3, 2, Made.Chunk("QUUX", [1]))));
        Assert.Equal(PictureFault.Broken, Fault(Made.Png(3, 2, Made.Chunk("IEND", []))));
    }

    [Fact]
    public void No_bytes_at_all_make_it_fail_otherwise()
    {
        var random = new Random(20261121);
        byte[][] pictures = [Made.Png(), Made.Jpeg(), Made.Webp(0x20), Made.Gif()];
        for (var round = 0; round < 20_000; round++)
        {
            var picture = pictures[round % pictures.Length].ToArray();
            for (var change = random.Next(4); change >= 0; change--)
            {
                picture[random.Next(4, picture.Length)] = (byte)random.Next(256);
            }
            var (facts, fault) = PictureFile.Clean(new MemoryStream(picture), new MemoryStream());
            Assert.Equal(facts is null, fault != PictureFault.None);
        }
    }

    private static byte[] Clean(byte[] picture, string type, int width, int height)
    {
        using var clean = new MemoryStream();
        var (facts, fault) = PictureFile.Clean(new MemoryStream(picture), clean);
        Assert.Equal(PictureFault.None, fault);
        Assert.Equal((type, width, height), (facts!.MediaType, facts.Width, facts.Height));
        Assert.True(clean.ToArray().AsSpan().IndexOf(Encoding.ASCII.GetBytes(Made.Secret)) < 0);
        return clean.ToArray();
    }

    private static PictureFault Fault(byte[] picture) =>
        PictureFile.Clean(new MemoryStream(picture), new MemoryStream()).Fault;
}
