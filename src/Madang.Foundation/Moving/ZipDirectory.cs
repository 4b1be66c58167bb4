using System.Buffers.Binary;

namespace Madang.Foundation.Moving;

/// <summary>
/// The list of files at the end of a zip (APPNOTE 4.3). The framework reads all of it into memory, from where it says it begins, however
/// many files it says it has: so where it begins is looked at before.
/// </summary>
public static class ZipDirectory
{
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int LargeEndLength = 56;

    /// <param name="file">The zip; afterwards it is at its beginning.</param>
    /// <returns>Bytes that the framework would read.</returns>
    /// <exception cref="InvalidDataException">There is no such list.</exception>
    public static long Length(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var tail = Read(file, Math.Max(0, file.Length - EndLength - ushort.MaxValue), EndLength + ushort.MaxValue);
        var at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0 || at + EndLength > tail.Length)
        {
            throw new InvalidDataException("The zip has no end.");
        }
        var end = file.Length - tail.Length + at;
        var start = (long)BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
        // Which of the two holds depends on what the end says of itself; neither may lead to a list that is too long.
        return LargeStart(file, end) is { } large
            ? Math.Max(Length(large, end), Length(start == uint.MaxValue ? large : start, end))
            : Length(start, end);
    }

    private static long Length(long start, long end) =>
        start >= 0 && start <= end ? end - start : throw new InvalidDataException("The zip's list lies elsewhere.");

    /// <returns>Where the list begins as the larger kind of end says (Zip64, 4.3.14), which more than 65,534 files need; null without one.</returns>
    private static long? LargeStart(Stream file, long end)
    {
        var locator = Read(file, Math.Max(0, end - LocatorLength), LocatorLength);
        if (!locator.AsSpan().StartsWith("PK\u0006\u0007"u8))
        {
            return null;
        }
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        if (at < 0 || at > end - LargeEndLength)
        {
            throw new InvalidDataException("The zip's larger end lies elsewhere.");
        }
        return BinaryPrimitives.ReadInt64LittleEndian(Read(file, at, LargeEndLength).AsSpan(48));
    }

    private static byte[] Read(Stream file, long at, int most)
    {
        var bytes = new byte[(int)Math.Min(most, file.Length - at)];
        file.Position = at;
        file.ReadExactly(bytes);
        file.Position = 0;
        return bytes;
    }
}
