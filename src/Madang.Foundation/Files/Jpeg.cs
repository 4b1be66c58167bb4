namespace Madang.Foundation.Files;

/// <summary>
/// JPEG (ITU-T T.81): marker segments up to the first scan, then scans with tables between them, then EOI. Kept are the tables, the
/// frame and the scans, JFIF's header without its thumbnail, Adobe's word about colour and the ICC profile; all other application
/// segments and comments go.
/// </summary>
internal static class Jpeg
{
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const int LengthOfJfif = 14;

    internal static PictureFacts Clean(PictureReader from, Stream to)
    {
        from.Copy(2, to);
        PictureFacts? facts = null;
        var (hasScan, orientation) = (false, 1);
        for (var marker = NextMarker(from); ; )
        {
            if (marker == EndOfImage)
            {
                PictureReader.Require(facts is not null && hasScan);
                to.Write([0xFF, EndOfImage]);
                return facts!.Turned(orientation);
            }
            var length = from.BigEndian16() - 2;
            PictureReader.Require(length >= 0);
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    PictureReader.Require(facts is null);
                    facts = Frame(from, to, marker, length);
                    break;
                case StartOfScan:
                    PictureReader.Require(facts is not null && length >= 6);
                    hasScan = true;
                    Write(to, marker, from.Exactly(length));
                    marker = Scan(from, to);
                    continue;
                case 0xC4 or 0xDB or 0xDD:
                    Write(to, marker, from.Exactly(length));
                    break;
                case 0xE0 or 0xE1 or 0xE2 or 0xEE:
                    orientation = Application(from.Exactly(length), to, marker, orientation);
                    break;
                case (>= 0xE3 and <= 0xEF) or 0xFE:
                    from.Copy(length, null);
                    break;
                default:
                    // Lossless, hierarchical and arithmetic pictures, which no browser shows, or no JPEG at all.
                    throw new InvalidDataException("The picture is broken.");
            }
            marker = NextMarker(from);
        }
    }

    private static byte NextMarker(PictureReader from)
    {
        PictureReader.Require(from.Byte() == 0xFF);
        byte marker;
        do
        {
            marker = from.Byte();
        } while (marker == 0xFF);
        return marker;
    }

    private static PictureFacts Frame(PictureReader from, Stream to, byte marker, int length)
    {
        PictureReader.Require(length >= 9);
        var frame = from.Exactly(length);
        var (height, width) = ((frame[1] << 8) | frame[2], (frame[3] << 8) | frame[4]);
        PictureReader.Require(frame[0] == 8 && frame[5] is 1 or 3 or 4 && length == 6 + (3 * frame[5]));
        from.Size(width, height);
        Write(to, marker, frame);
        return new("image/jpeg", "jpg", width, height);
    }

    /// <returns>The orientation, once it is known.</returns>
    private static int Application(byte[] segment, Stream to, byte marker, int orientation)
    {
        ReadOnlySpan<byte> all = segment;
        switch (marker)
        {
            case 0xE0 when all.StartsWith("JFIF\0"u8) && all.Length >= LengthOfJfif:
                // The last two bytes are the thumbnail's width and height: none.
                Write(to, marker, [.. all[..(LengthOfJfif - 2)], 0, 0]);
                break;
            case 0xE1 when orientation == 1 && all.StartsWith("Exif\0\0"u8):
                orientation = Exif.Orientation(all[6..]);
                if (orientation != 1)
                {
                    Write(to, marker, [.. "Exif\0\0"u8, .. Exif.Of(orientation)]);
                }
                break;
            case 0xE2 when all.StartsWith("ICC_PROFILE\0"u8):
                Write(to, marker, segment);
                break;
            case 0xEE when all.StartsWith("Adobe"u8) && all.Length >= 12:
                Write(to, marker, all[..12]);
                break;
        }
        return orientation;
    }

    /// <summary>Copies a scan's data, in which 0xFF stands before 0 or a restart marker only.</summary>
    /// <returns>The marker that ends it.</returns>
    private static byte Scan(PictureReader from, Stream to)
    {
        while (true)
        {
            var at = from.Peek(PeekedAtOnce).IndexOf((byte)0xFF);
            if (at < 0)
            {
                to.Write(from.Piece(PeekedAtOnce));
                continue;
            }
            from.Copy(at, to);
            from.Copy(1, null);
            var next = from.Byte();
            while (next == 0xFF)
            {
                next = from.Byte();
            }
            if (next is not 0 and not (>= 0xD0 and <= 0xD7))
            {
                return next;
            }
            to.Write([0xFF, next]);
        }
    }

    private const int PeekedAtOnce = 8 * 1024;

    private static void Write(Stream to, byte marker, ReadOnlySpan<byte> segment)
    {
        var length = segment.Length + 2;
        to.Write([0xFF, marker, (byte)(length >> 8), (byte)length]);
        to.Write(segment);
    }
}
