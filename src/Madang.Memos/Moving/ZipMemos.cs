using System.IO.Compression;
using System.Text;
using Madang.Foundation.Moving;
using Madang.Memos.Pictures;

namespace Madang.Memos.Moving;

/// <summary>
/// The memos of a zip: each Markdown file is one; <c>memos.json</c> is a list of them, as in the export of all of one's data. Nothing is
/// ever written by a name that stands in a zip. Pictures are beside them as <c>pictures/{id}.{ending}</c>.
/// </summary>
internal sealed class ZipMemos : IDisposable
{
    /// <summary>Bytes of one Markdown file: the longest text and its facts fit in.</summary>
    private const int MostOfOne = 1024 * 1024;

    /// <summary>Bytes of the list of files: about 150,000 of them. The framework reads it into memory as a whole.</summary>
    private const long MostOfDirectory = 16L * 1024 * 1024;

    /// <summary>Files in a zip: as many memos as one may have, and as many pictures.</summary>
    private const int MostFiles = 2 * ImportFile.MostMemos;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly ZipArchive zip;
    private readonly Dictionary<string, ZipArchiveEntry> pictures = [];
    private readonly byte[] buffer = new byte[MostOfOne + 1];
    private readonly Budget leftForPictures;
    private readonly long mostUnpacked;

    /// <param name="file">Any file; it is not closed.</param>
    /// <param name="mostUnpacked">Bytes that its memos may come to, and its pictures once more, whatever it says of them.</param>
    /// <exception cref="BrokenImportException">It is no zip, or it has too many files.</exception>
    internal ZipMemos(FileStream file, long mostUnpacked)
    {
        this.mostUnpacked = mostUnpacked;
        leftForPictures = new(mostUnpacked);
        zip = Open(file);
        if (zip.Entries.Count > MostFiles)
        {
            zip.Dispose();
            throw new BrokenImportException("too_many");
        }
        foreach (var entry in zip.Entries)
        {
            if (entry.FullName.StartsWith(MemoFiles.PictureFolder, StringComparison.Ordinal))
            {
                pictures.TryAdd(Path.GetFileNameWithoutExtension(entry.FullName), entry);
            }
        }
    }

    public void Dispose() => zip.Dispose();

    internal IEnumerable<IncomingItem> Read(DateTimeOffset now)
    {
        var left = new Budget(mostUnpacked);
        foreach (var entry in zip.Entries)
        {
            if (entry.FullName == "memos.json")
            {
                foreach (var item in JsonMemos.Read(new MeteredStream(Open(entry), left), entry.FullName, now))
                {
                    yield return WithPictures(item);
                }
            }
            else if (
                entry.FullName.EndsWith(".md", StringComparison.OrdinalIgnoreCase)
                && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)
            )
            {
                yield return WithPictures(Markdown(entry, left, now));
            }
        }
    }

    private IncomingItem WithPictures(IncomingItem item) =>
        item.Memo is { } memo && PictureAddress.In(memo.Text) is { Length: > 0 } ids
            ? item with
            {
                Memo = memo with { Pictures = [.. ids.Select(Picture)] },
            }
            : item;

    private IncomingPicture Picture(string id) =>
        pictures.TryGetValue(id, out var entry)
            ? new(id, PlaceOf(entry), () => new MeteredStream(Open(entry), leftForPictures))
            : new(id, MemoFiles.PictureFolder + id, null);

    private IncomingItem Markdown(ZipArchiveEntry entry, Budget left, DateTimeOffset now)
    {
        var place = PlaceOf(entry);
        if (IsOdd(entry.FullName))
        {
            return RawMemo.Bad(place, ImportFault.OddName);
        }
        try
        {
            using var content = new MeteredStream(Open(entry), left);
            var length = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > MostOfOne
                ? RawMemo.Bad(place, ImportFault.TooLong)
                : Raw(buffer.AsSpan(0, length), entry).Check(place, now);
        }
        catch (ArgumentException)
        {
            // Not UTF-8.
            return RawMemo.Bad(place, ImportFault.NotText);
        }
        catch (InvalidDataException)
        {
            return RawMemo.Bad(place, ImportFault.Unreadable);
        }
    }

    /// <summary>A name in a zip may be of 64 KiB.</summary>
    private static string PlaceOf(ZipArchiveEntry entry) =>
        entry.FullName.Length > 200 ? entry.FullName[..200] : entry.FullName;

    /// <summary>A file without facts, such as from other programs, was written when its name says so, else when it was last changed.</summary>
    private static RawMemo Raw(ReadOnlySpan<byte> bytes, ZipArchiveEntry entry)
    {
        var (facts, text) = MarkdownFile.Read(Strict.GetString(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes));
        var date = FileName.DateOf(entry.Name) ?? $"{entry.LastWriteTime:yyyy-MM-dd'T'HH:mm:ss'Z'}";
        return new()
        {
            Text = text,
            Visibility = facts.GetValueOrDefault("visibility") ?? FileName.VisibilityOf(entry.Name),
            Created = facts.GetValueOrDefault("created_at") ?? facts.GetValueOrDefault("created") ?? date,
            Updated = facts.GetValueOrDefault("updated_at") ?? facts.GetValueOrDefault("updated"),
            Pinned = facts.GetValueOrDefault("pinned_at") ?? facts.GetValueOrDefault("pinned"),
            Archived = facts.GetValueOrDefault("archived_at") ?? facts.GetValueOrDefault("archived"),
            OwnId = long.TryParse(facts.GetValueOrDefault("id"), out var id) ? id : null,
        };
    }

    private static bool IsOdd(string name) =>
        name.StartsWith('/')
        || name.AsSpan().ContainsAny('\\', ':', '\0') && !FileName.HasTime(name)
        || name.Split('/').Contains("..");

    private static ZipArchive Open(FileStream file)
    {
        try
        {
            if (ZipDirectory.Length(file) > MostOfDirectory)
            {
                throw new BrokenImportException("too_many");
            }
            var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            _ = zip.Entries.Count;
            return zip;
        }
        catch (InvalidDataException)
        {
            throw new BrokenImportException("broken_zip");
        }
    }

    private static Stream Open(ZipArchiveEntry entry) => entry.Open();
}
