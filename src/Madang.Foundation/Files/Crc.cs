namespace Madang.Foundation.Files;

/// <summary>The CRC of PNG chunks (ISO 3309, polynomial 0xEDB88320).</summary>
internal static class Crc
{
    internal const uint Start = uint.MaxValue;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    internal static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            crc = Table[(crc ^ one) & 0xFF] ^ (crc >> 8);
        }
        return crc;
    }

    internal static uint End(uint crc) => ~crc;

    private static uint Entry(int number)
    {
        var value = (uint)number;
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 1 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
        }
        return value;
    }
}
