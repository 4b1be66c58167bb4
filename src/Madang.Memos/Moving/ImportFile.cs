using Madang.Foundation.Moving;

namespace Madang.Memos.Moving;

/// <summary>
/// A file that memos are imported from: what it is is told by its first bytes, whatever its name says. What its memos bring along can be
/// read as long as it is open.
/// </summary>
internal sealed class ImportFile : IDisposable
{
    /// <summary>Bytes that an upload may have: 256 MiB.</summary>
    internal const long MostBytes = 256L * 1024 * 1024;

    /// <summary>Memos in one file.</summary>
    internal const int MostMemos = 100_000;

    /// <summary>Bytes that a file may come to when it is unpacked: 2 GiB.</summary>
    internal const long MostUnpacked = 2L * 1024 * 1024 * 1024;

    private static readonly byte[] Sqlite = [.. "SQLite format 3\0"u8];

    private readonly FileStream file;
    private readonly FileKind kind;
    private readonly ZipMemos? zip;
    private readonly UsememosDatabase? database;

    /// <param name="file">Any file; it is not closed.</param>
    /// <param name="mostUnpacked">Bytes that it may come to.</param>
    /// <exception cref="BrokenImportException">It is of no kind that is known, or damaged.</exception>
    internal ImportFile(FileStream file, long mostUnpacked = MostUnpacked)
    {
        this.file = file;
        kind = Kind(file);
        zip = kind == FileKind.Zip ? new ZipMemos(file, mostUnpacked) : null;
        database = kind == FileKind.Sqlite ? new UsememosDatabase(file.Name, mostUnpacked) : null;
    }

    public void Dispose()
    {
        zip?.Dispose();
        database?.Dispose();
    }

    /// <summary>Reads all that the file has, one after the other; it can be read again.</summary>
    /// <param name="author">Of a database of several people: whose memos.</param>
    /// <param name="now">No memo is from later than a day after it.</param>
    /// <exception cref="BrokenImportException">The file as a whole can't be read; perhaps only found after some of it.</exception>
    internal IEnumerable<IncomingItem> Read(string? author, DateTimeOffset now)
    {
        file.Position = 0;
        var items = kind switch
        {
            FileKind.Zip => zip!.Read(now),
            FileKind.Json => JsonMemos.Read(file, "", now),
            FileKind.Sqlite => database!.Read(author, now),
            _ => throw new InvalidOperationException(),
        };
        var count = 0;
        foreach (var item in items)
        {
            if (++count > MostMemos)
            {
                throw new BrokenImportException("too_many");
            }
            yield return item;
        }
        if (count == 0)
        {
            throw new BrokenImportException("nothing");
        }
    }

    private static FileKind Kind(FileStream file)
    {
        file.Position = 0;
        Span<byte> start = stackalloc byte[64];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8))
        {
            return FileKind.Zip;
        }
        if (start.StartsWith(Sqlite))
        {
            return FileKind.Sqlite;
        }
        var text = (start.StartsWith("\uFEFF"u8) ? start[3..] : start).TrimStart(" \t\r\n"u8);
        return text.Length > 0 && text[0] is (byte)'{' or (byte)'['
            ? FileKind.Json
            : throw new BrokenImportException("unknown_kind");
    }

    private enum FileKind
    {
        Zip,
        Json,
        Sqlite,
    }
}
