using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Madang.Foundation.Modules;

namespace Madang.Foundation.Backups;

/// <summary>A backup as it is read: a zip whose last entry, the manifest, says what the others must hold.</summary>
internal sealed class BackupFile : IDisposable
{
    /// <summary>Before the manifest's checksum in the zip's comment; also what tells a backup from any other zip.</summary>
    internal const string Mark = "madang backup, manifest sha256 ";

    private readonly string file;
    private readonly ZipArchive zip;

    private BackupFile(string file, ZipArchive zip, Manifest manifest) =>
        (this.file, this.zip, Manifest) = (file, zip, manifest);

    internal Manifest Manifest { get; }

    /// <exception cref="StartupException">It is not there, no backup, damaged, or of a newer format.</exception>
    internal static BackupFile Open(string file)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The backup {file} cannot be read: {error.Message}", error);
        }
        ZipArchive? zip = null;
        try
        {
            zip = new ZipArchive(stream, ZipArchiveMode.Read);
            return new BackupFile(file, zip, ReadManifest(zip, file));
        }
        catch (Exception error)
        {
            zip?.Dispose();
            stream.Dispose();
            if (error is not StartupException && IsDamage(error))
            {
                throw new StartupException($"{file} is no backup of Madang, or it was cut off.", error);
            }
            throw;
        }
    }

    /// <summary>Reads everything once: every checksum must be right, every line a row, every count as the manifest has it.</summary>
    /// <exception cref="StartupException">Something is damaged.</exception>
    internal async Task Verify(Action<long> step, CancellationToken stop)
    {
        foreach (var table in Manifest.Tables)
        {
            await foreach (var _ in Rows(table, step, stop)) { }
        }
        await VerifyFiles(step, stop);
    }

    /// <inheritdoc cref="Verify" />
    internal async Task VerifyFiles(Action<long> step, CancellationToken stop)
    {
        foreach (var one in Manifest.Files)
        {
            await Extract(one, Stream.Null, step, stop);
        }
    }

    /// <returns>A table's rows; an end without an exception means that all were as the manifest says.</returns>
    internal async IAsyncEnumerable<object?[]> Rows(
        ManifestTable table,
        Action<long> step,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        await using var entry = await OpenEntry(table.EntryName, stop);
        await using var measured = new MeasuredStream(entry, step);
        await using var rows = Backups.Rows.Read(measured, table, stop).GetAsyncEnumerator(stop);
        long count = 0;
        while (await Guard(table.EntryName, () => rows.MoveNextAsync().AsTask()))
        {
            count++;
            yield return rows.Current;
        }
        if (count != table.Rows || measured.Count != table.Size || measured.Sha256() != table.Sha256)
        {
            throw Damaged(table.EntryName, null);
        }
    }

    /// <exception cref="StartupException">It is not what the manifest says.</exception>
    internal async Task Extract(ManifestFile one, Stream to, Action<long> step, CancellationToken stop)
    {
        await using var entry = await OpenEntry(one.EntryName, stop);
        await using var measured = new MeasuredStream(entry, step);
        var buffer = new byte[128 * 1024];
        int read;
        while ((read = await Guard(one.EntryName, () => measured.ReadAsync(buffer, stop).AsTask())) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), stop);
        }
        if (measured.Count != one.Size || measured.Sha256() != one.Sha256)
        {
            throw Damaged(one.EntryName, null);
        }
    }

    public void Dispose() => zip.Dispose();

    private static Manifest ReadManifest(ZipArchive zip, string file)
    {
        if (!zip.Comment.StartsWith(Mark, StringComparison.Ordinal))
        {
            throw new StartupException($"{file} is no backup of Madang.");
        }
        using var entry =
            zip.GetEntry(Manifest.EntryName)?.Open() ?? throw new InvalidDataException("There is no manifest.");
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())) != zip.Comment[Mark.Length..])
        {
            throw new StartupException($"The backup {file} is damaged: its manifest is not what it was.");
        }
        using var json = JsonDocument.Parse(bytes.ToArray());
        var format = json.RootElement.GetProperty("format").GetInt32();
        return format <= Manifest.NewestFormat
            ? json.Deserialize(ManifestJson.Default.Manifest)!
            : throw new StartupException(
                $"The backup {file} has format {format}, and this release reads up to {Manifest.NewestFormat}: restore it with a newer Madang."
            );
    }

    private Task<Stream> OpenEntry(string name, CancellationToken stop) =>
        Guard(
            name,
            () => (zip.GetEntry(name) ?? throw new InvalidDataException($"There is no {name}.")).OpenAsync(stop)
        );

    /// <summary>What a damaged zip makes its reader throw is many things, and means one.</summary>
    private async Task<T> Guard<T>(string name, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw Damaged(name, error);
        }
    }

    private StartupException Damaged(string name, Exception? cause) =>
        new($"The backup {file} is damaged: {name} is not what it was.", cause);

    private static bool IsDamage(Exception error) =>
        error
            is InvalidDataException
                or IOException
                or JsonException
                or FormatException
                or ArgumentException
                or InvalidOperationException
                or KeyNotFoundException
                or NotSupportedException
                or OverflowException
                or IndexOutOfRangeException;
}
