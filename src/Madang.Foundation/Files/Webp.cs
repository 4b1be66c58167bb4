using System.Buffers.Binary;

namespace Madang.Foundation.Files;

/// <summary>
/// WebP (RFC 9649): one RIFF of chunks. Kept are the image data, the canvas, the animation, the transparency and the ICC profile;
/// EXIF, XMP and unknown chunks go, and the canvas's flags say so.
/// </summary>
internal static class Webp
{
    private const int HeaderLength = 12;
    private const byte IccFlag = 0x20;
    private const byte AlphaFlag = 0x10;
    private const byte ExifFlag = 0x08;
    private const byte AnimationFlag = 0x02;

    internal static PictureFacts Clean(PictureReader from, Stream to)
    {
        var header = from.Exactly(HeaderLength);
        var left = (long)BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)) - 4;
        to.Write(header);
        var (name, length) = Begin(from, ref left);
        PictureFacts facts;
        var orientation = 1;
        if (name == "VP8X")
        {
            PictureReader.Require(length == 10);
            var canvas = from.Exactly(10);
            facts = Facts(1 + Read24(canvas, 4), 1 + Read24(canvas, 7));
            from.Size(facts.Width, facts.Height);
            canvas.AsSpan(1, 3).Clear();
            canvas[0] &= IccFlag | AlphaFlag | AnimationFlag;
            var place = to.Position + 8;
            Write(to, "VP8X", canvas);
            orientation = Extended(from, to, left, canvas[0], facts);
            if (orientation != 1)
            {
                Write(to, "EXIF", Exif.Of(orientation));
                Set(to, place, [(byte)(canvas[0] | ExifFlag)]);
            }
        }
        else
        {
            var (width, height) = Image(from, to, name, length);
            facts = Facts(width, height);
        }
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)(to.Length - 8));
        Set(to, 4, size);
        return facts.Turned(orientation);
    }

    private static PictureFacts Facts(int width, int height) => new("image/webp", "webp", width, height);

    /// <returns>The orientation.</returns>
    private static int Extended(PictureReader from, Stream to, long left, byte flags, PictureFacts facts)
    {
        var (hasImage, isMoving, orientation) = (false, (flags & AnimationFlag) != 0, 1);
        while (left >= 8)
        {
            var (name, length) = Begin(from, ref left);
            switch (name)
            {
                case "ICCP" or "ANIM" or "ALPH":
                    Copy(from, to, name, length);
                    break;
                case "VP8 " or "VP8L":
                    PictureReader.Require(!hasImage && !isMoving);
                    hasImage = true;
                    PictureReader.Require(Image(from, to, name, length) == (facts.Width, facts.Height));
                    break;
                case "ANMF":
                    PictureReader.Require(isMoving);
                    hasImage = true;
                    Frame(from, to, length, facts);
                    break;
                case "EXIF" when orientation == 1 && length <= Exif.Most:
                    var exif = from.Exactly((int)length);
                    from.Copy(length & 1, null);
                    // Some write the marker of JPEG before it.
                    orientation = Exif.Orientation(exif.AsSpan().StartsWith("Exif\0\0"u8) ? exif.AsSpan(6) : exif);
                    break;
                default:
                    from.Copy(length + (length & 1), null);
                    break;
            }
        }
        PictureReader.Require(hasImage);
        return orientation;
    }

    /// <summary>A frame of an animation: where it lies in the canvas, and image data of its own.</summary>
    private static void Frame(PictureReader from, Stream to, uint length, PictureFacts facts)
    {
        PictureReader.Require(length >= 24);
        var place = from.Exactly(16);
        var (width, height) = (1 + Read24(place, 6), 1 + Read24(place, 9));
        from.Frame(width, height);
        PictureReader.Require(
            (2 * Read24(place, 0)) + width <= facts.Width && (2 * Read24(place, 3)) + height <= facts.Height
        );
        WriteHead(to, "ANMF", length);
        to.Write(place);
        long left = length - 16;
        while (left >= 8)
        {
            var (name, inner) = Begin(from, ref left);
            if (name == "ALPH")
            {
                Copy(from, to, name, inner);
            }
            else
            {
                Image(from, to, name, inner);
            }
        }
        PictureReader.Require(left == 0);
        // Chunks in a frame are padded, so that a frame has an even length.
        PictureReader.Require((length & 1) == 0);
    }

    /// <returns>Width and height of lossy (RFC 6386, 9.1) or lossless image data.</returns>
    private static (int Width, int Height) Image(PictureReader from, Stream to, string name, uint length)
    {
        PictureReader.Require(length >= 10);
        var start = from.Peek(10);
        PictureReader.Require(start.Length == 10);
        (int, int) size;
        if (name == "VP8 ")
        {
            PictureReader.Require(
                (start[0] & 1) == 0 && start[3..6].SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            );
            size = (
                BinaryPrimitives.ReadUInt16LittleEndian(start[6..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) & 0x3FFF
            );
        }
        else
        {
            PictureReader.Require(name == "VP8L" && start[0] == 0x2F);
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(start[1..]);
            size = (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }
        from.Size(size.Item1, size.Item2);
        Copy(from, to, name, length);
        return size;
    }

    private static (string Name, uint Length) Begin(PictureReader from, ref long left)
    {
        PictureReader.Require(left >= 8);
        Span<byte> head = stackalloc byte[8];
        from.Exactly(head);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        left -= 8 + (long)length + (length & 1);
        // The last padding is sometimes not counted.
        PictureReader.Require(left >= -1);
        return (System.Text.Encoding.Latin1.GetString(head[..4]), length);
    }

    private static void Copy(PictureReader from, Stream to, string name, uint length)
    {
        WriteHead(to, name, length);
        from.Copy(length, to);
        if ((length & 1) == 1)
        {
            to.WriteByte(0);
            if (from.Peek(1).Length > 0)
            {
                from.Byte();
            }
        }
    }

    private static void Write(Stream to, string name, byte[] data)
    {
        WriteHead(to, name, (uint)data.Length);
        to.Write(data);
    }

    private static void WriteHead(Stream to, string name, uint length)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, length);
        to.Write(System.Text.Encoding.Latin1.GetBytes(name));
        to.Write(number);
    }

    private static void Set(Stream to, long place, byte[] bytes)
    {
        var here = to.Position;
        to.Position = place;
        to.Write(bytes);
        to.Position = here;
    }

    private static int Read24(byte[] bytes, int at) => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}
