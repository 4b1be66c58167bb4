using System.Buffers.Binary;

namespace Madang.Foundation.Files;

/// <summary>
/// The one thing in EXIF that is part of the picture: its orientation (EXIF 2.32, tag 0x0112 of the first directory). Cameras write
/// pixels as the sensor has them and leave it to the viewer to turn them.
/// </summary>
internal static class Exif
{
    /// <summary>More than this is not looked through: a directory of a few entries stands at the beginning.</summary>
    internal const int Most = 64 * 1024;

    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <param name="tiff">The TIFF header and what follows it.</param>
    /// <returns>2 to 8, or 1 when it is upright, says nothing or is broken.</returns>
    internal static int Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
        {
            return 1;
        }
        var isLittle = tiff.StartsWith("II*\0"u8);
        if (!isLittle && !tiff.StartsWith("MM\0*"u8))
        {
            return 1;
        }
        var first = Read32(tiff[4..], isLittle);
        if (first < 8 || first > tiff.Length - 2)
        {
            return 1;
        }
        var entries = tiff[(int)first..];
        var count = Read16(entries, isLittle);
        for (var at = 2; count > 0 && at + 12 <= entries.Length; count--, at += 12)
        {
            var entry = entries.Slice(at, 12);
            if (Read16(entry, isLittle) == OrientationTag && Read16(entry[2..], isLittle) == ShortType)
            {
                var value = Read16(entry[8..], isLittle);
                return value is >= 1 and <= 8 ? value : 1;
            }
        }
        return 1;
    }

    /// <returns>A TIFF structure that holds the orientation and nothing else.</returns>
    internal static byte[] Of(int orientation) =>
        [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
