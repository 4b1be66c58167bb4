using System.Buffers.Binary;
using System.Text;

namespace Madang.Foundation.Files;

/// <summary>
/// PNG (W3C, PNG Third Edition): chunks, each with its length, name and CRC. Those that the picture is made of and shown by stay,
/// animation among them; texts, times and whatever else may be skipped go. Nothing is inflated.
/// </summary>
internal static class Png
{
    private const int LongestHeader = 26;

    /// <summary>Ancillary chunks that change how the picture looks.</summary>
    private static readonly HashSet<string> Shown =
    [
        "tRNS",
        "gAMA",
        "cHRM",
        "sRGB",
        "iCCP",
        "sBIT",
        "bKGD",
        "pHYs",
        "cICP",
        "mDCV",
        "cLLI",
        "acTL",
    ];

    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    internal static PictureFacts Clean(PictureReader from, Stream to)
    {
        from.Copy(Signature.Length, to);
        var facts = Header(from, to);
        var (hasPalette, hasData, isInData, orientation) = (false, false, false, 1);
        while (true)
        {
            var (length, name) = Begin(from);
            PictureReader.Require(name is not "IHDR");
            PictureReader.Require(name is not "IDAT" || !hasData || isInData);
            isInData = name == "IDAT";
            switch (name)
            {
                case "IEND":
                    PictureReader.Require(length == 0 && hasData);
                    Chunk(from, to, length, name);
                    return facts.Turned(orientation);
                case "IDAT":
                    hasData = true;
                    Chunk(from, to, length, name);
                    break;
                case "PLTE":
                    PictureReader.Require(!hasPalette && !hasData && length % 3 == 0 && length is > 0 and <= 768);
                    hasPalette = true;
                    Chunk(from, to, length, name);
                    break;
                case "fcTL":
                    Frame(from, to, length, facts);
                    break;
                case "fdAT":
                    PictureReader.Require(hasData);
                    Chunk(from, to, length, name);
                    break;
                case "eXIf" when orientation == 1 && length <= Exif.Most:
                    orientation = Exif.Orientation(Read(from, length, name));
                    if (orientation != 1)
                    {
                        Write(to, name, Exif.Of(orientation));
                    }
                    break;
                case var _ when Shown.Contains(name):
                    PictureReader.Require(!hasData);
                    Chunk(from, to, length, name);
                    break;
                default:
                    // Upper case says that a picture can't be shown without it.
                    PictureReader.Require(!char.IsAsciiLetterUpper(name[0]));
                    Chunk(from, null, length, name);
                    break;
            }
        }
    }

    private static PictureFacts Header(PictureReader from, Stream to)
    {
        var (length, name) = Begin(from);
        PictureReader.Require(name == "IHDR" && length == 13);
        var header = Read(from, length, name);
        var width = BinaryPrimitives.ReadUInt32BigEndian(header);
        var height = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        from.Size(width, height);
        var (depth, colour) = (header[8], header[9]);
        PictureReader.Require(
            colour switch
            {
                0 => depth is 1 or 2 or 4 or 8 or 16,
                3 => depth is 1 or 2 or 4 or 8,
                2 or 4 or 6 => depth is 8 or 16,
                _ => false,
            }
                && header[10] == 0
                && header[11] == 0
                && header[12] <= 1
        );
        Write(to, name, header);
        return new("image/png", "png", (int)width, (int)height);
    }

    /// <summary>A frame of an animation lies within the picture.</summary>
    private static void Frame(PictureReader from, Stream to, uint length, PictureFacts facts)
    {
        PictureReader.Require(length == LongestHeader);
        var frame = Read(from, length, "fcTL");
        long Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(at));
        from.Frame(Number(4), Number(8));
        PictureReader.Require(Number(4) + Number(12) <= facts.Width && Number(8) + Number(16) <= facts.Height);
        Write(to, "fcTL", frame);
    }

    private static (uint Length, string Name) Begin(PictureReader from)
    {
        Span<byte> start = stackalloc byte[8];
        from.Exactly(start);
        var length = BinaryPrimitives.ReadUInt32BigEndian(start);
        PictureReader.Require(length <= int.MaxValue && !start[4..].ContainsAnyExcept(Names));
        return (length, Encoding.ASCII.GetString(start[4..]));
    }

    private static readonly System.Buffers.SearchValues<byte> Names = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8
    );

    /// <summary>Writes a chunk on, or passes it over; its CRC must be right either way.</summary>
    private static void Chunk(PictureReader from, Stream? to, uint length, string name)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, length);
        var title = Encoding.ASCII.GetBytes(name);
        to?.Write(number);
        to?.Write(title);
        var crc = Crc.Add(Crc.Start, title);
        for (long left = length; left > 0; )
        {
            var piece = from.Piece(left);
            crc = Crc.Add(crc, piece);
            to?.Write(piece);
            left -= piece.Length;
        }
        from.Exactly(number);
        PictureReader.Require(BinaryPrimitives.ReadUInt32BigEndian(number) == Crc.End(crc));
        to?.Write(number);
    }

    private static byte[] Read(PictureReader from, uint length, string name)
    {
        using var chunk = new MemoryStream();
        Chunk(from, chunk, length, name);
        return chunk.GetBuffer().AsSpan(8, (int)length).ToArray();
    }

    private static void Write(Stream to, string name, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        to.Write(number);
        byte[] whole = [.. Encoding.ASCII.GetBytes(name), .. data];
        to.Write(whole);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc.End(Crc.Add(Crc.Start, whole)));
        to.Write(number);
    }
}
