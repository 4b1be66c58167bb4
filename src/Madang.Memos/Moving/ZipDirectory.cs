using System.Buffers.Binary;
using Madang.Foundation.Moving;

namespace Madang.Memos.Moving;

/// <summary>
/// The list of files at the end of a zip (APPNOTE 4.3). The framework reads all of it into memory, from where it says it begins, however
/// many files it says it has: so where it begins is looked at before.
/// </summary>
internal static class ZipDirectory
{
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int LargeEndLength = 56;

    /// <exception cref="BrokenImportException">There is none, or it is longer than <paramref name="most"/> bytes.</exception>
    internal static void Check(FileStream file, long most)
    {
        var tail = Read(file, Math.Max(0, file.Length - EndLength - ushort.MaxValue), EndLength + ushort.MaxValue);
        var at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0 || at + EndLength > tail.Length)
        {
            throw new BrokenImportException("broken_zip");
        }
        var end = file.Length - tail.Length + at;
        var start = (long)BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
        // Which of the two holds depends on what the end says of itself; neither may lead to a list that is too long.
        if (LargeStart(file, end) is { } large)
        {
            Check(large, end, most);
            start = start == uint.MaxValue ? large : start;
        }
        Check(start, end, most);
    }

    private static void Check(long start, long end, long most)
    {
        if (start < 0 || start > end)
        {
            throw new BrokenImportException("broken_zip");
        }
        if (end - start > most)
        {
            throw new BrokenImportException("too_many");
        }
    }

    /// <returns>Where the list begins as the larger kind of end says (Zip64, 4.3.14), which more than 65,534 files need; null without one.</returns>
    private static long? LargeStart(FileStream file, long end)
    {
        var locator = Read(file, Math.Max(0, end - LocatorLength), LocatorLength);
        if (!locator.AsSpan().StartsWith("PK\u0006\u0007"u8))
        {
            return null;
        }
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        if (at < 0 || at > end - LargeEndLength)
        {
            throw new BrokenImportException("broken_zip");
        }
        return BinaryPrimitives.ReadInt64LittleEndian(Read(file, at, LargeEndLength).AsSpan(48));
    }

    private static byte[] Read(FileStream file, long at, int most)
    {
        var bytes = new byte[(int)Math.Min(most, file.Length - at)];
        file.Position = at;
        file.ReadExactly(bytes);
        file.Position = 0;
        return bytes;
    }
}
