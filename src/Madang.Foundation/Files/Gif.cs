namespace Madang.Foundation.Files;

/// <summary>
/// GIF (CompuServe, GIF89a): a screen, then blocks. Kept are the images with their timing and the word about how often they are
/// repeated; comments, plain text and other applications' blocks go.
/// </summary>
internal static class Gif
{
    private const byte Extension = 0x21;
    private const byte Image = 0x2C;
    private const byte Trailer = 0x3B;
    private const byte Timing = 0xF9;
    private const byte Application = 0xFF;

    internal static PictureFacts Clean(PictureReader from, Stream to)
    {
        var screen = from.Exactly(13);
        var (width, height) = (Read16(screen, 6), Read16(screen, 8));
        from.Size(width, height);
        to.Write(screen);
        Colours(from, to, screen[10]);
        var hasImage = false;
        while (true)
        {
            switch (from.Byte())
            {
                case Trailer:
                    PictureReader.Require(hasImage);
                    to.WriteByte(Trailer);
                    return new("image/gif", "gif", width, height);
                case Image:
                    hasImage = true;
                    var place = from.Exactly(9);
                    from.Frame(Read16(place, 4), Read16(place, 6));
                    to.WriteByte(Image);
                    to.Write(place);
                    Colours(from, to, place[8]);
                    var size = from.Byte();
                    PictureReader.Require(size is >= 1 and <= 11);
                    to.WriteByte(size);
                    Blocks(from, to);
                    break;
                case Extension:
                    ExtensionBlock(from, to);
                    break;
                default:
                    throw new InvalidDataException("The picture is broken.");
            }
        }
    }

    private static void ExtensionBlock(PictureReader from, Stream to)
    {
        var label = from.Byte();
        if (label == Timing)
        {
            to.Write([Extension, Timing]);
            Blocks(from, to);
            return;
        }
        var length = from.Byte();
        var title = from.Exactly(length);
        var isLoop =
            label == Application
            && (title.AsSpan().SequenceEqual("NETSCAPE2.0"u8) || title.AsSpan().SequenceEqual("ANIMEXTS1.0"u8));
        if (isLoop)
        {
            to.Write([Extension, Application, length, .. title]);
        }
        if (length > 0)
        {
            Blocks(from, isLoop ? to : null);
        }
    }

    /// <summary>The table of colours that the flags announce.</summary>
    private static void Colours(PictureReader from, Stream to, byte flags)
    {
        if ((flags & 0x80) != 0)
        {
            from.Copy(3 * (2 << (flags & 7)), to);
        }
    }

    /// <summary>Data in blocks, each with its length before it, up to one of length 0.</summary>
    private static void Blocks(PictureReader from, Stream? to)
    {
        byte length;
        do
        {
            length = from.Byte();
            to?.WriteByte(length);
            from.Copy(length, to);
        } while (length > 0);
    }

    private static int Read16(byte[] bytes, int at) => bytes[at] | (bytes[at + 1] << 8);
}
