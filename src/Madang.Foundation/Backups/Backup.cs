using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using static Madang.Foundation.Data.Identifier;

namespace Madang.Foundation.Backups;

/// <summary>
/// Makes a backup beside a running server: the database as it stands at one moment, then the uploads. Those never change and outlive
/// their rows by a day, so every file that the rows speak of is there. The backup gets its name only when it was loaded again.
/// </summary>
internal sealed class Backup(
    Database db,
    IReadOnlyList<IModule> rooms,
    string dataDirectory,
    string? sqliteLibrary,
    Stage stage
)
{
    private readonly UploadFolder uploads = new(Path.Combine(dataDirectory, UploadFolder.Name));

    /// <summary>It was loaded again; false where PostgreSQL is served and there is no SQLite, so that it was only read again.</summary>
    internal bool WasTried { get; private set; }

    /// <exception cref="StartupException">It cannot be made; the message says why.</exception>
    /// <exception cref="IOException">The disk would not take it; nothing is left of it.</exception>
    internal async Task<Manifest> Write(string file, bool mayOverwrite, CancellationToken stop)
    {
        var folder = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(folder))
        {
            throw new StartupException($"There is no folder {folder}.");
        }
        if (Directory.Exists(file))
        {
            throw new StartupException($"{file} is a folder.");
        }
        if (File.Exists(file) && !mayOverwrite)
        {
            throw new StartupException($"{file} is there already: give another name, or --overwrite.");
        }
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(file)}.{Guid.NewGuid():N}.tmp");
        var scratch = $"{unfinished}.db";
        try
        {
            Manifest manifest;
            await using (var stream = Durable.NewPrivate(unfinished))
            {
                manifest = await Write(stream, scratch, stop);
                stream.Flush(flushToDisk: true);
            }
            await Try(unfinished, scratch, stop);
            Durable.Place(unfinished, file, mayOverwrite);
            return manifest;
        }
        finally
        {
            File.Delete(unfinished);
            SqliteFile.Remove(scratch);
        }
    }

    private async Task<Manifest> Write(FileStream stream, string scratch, CancellationToken stop)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        if (db.Dialect == Dialect.Sqlite)
        {
            await Durable.NewPrivate(scratch).DisposeAsync();
        }
        var manifest = await db.Snapshot(scratch, sql => DumpTables(sql, zip, stop), stop);
        File.Delete(scratch);
        manifest = manifest with { Files = await CopyUploads(zip, stop) };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.Manifest);
        await using (var entry = await zip.CreateEntry(Manifest.EntryName).OpenAsync(stop))
        {
            await entry.WriteAsync(bytes, stop);
        }
        // It holds the checksums of all else; its own stands here.
        zip.Comment = BackupFile.Mark + Convert.ToHexStringLower(SHA256.HashData(bytes));
        return manifest;
    }

    private async Task Try(string unfinished, string scratch, CancellationToken stop)
    {
        using var written = BackupFile.Open(unfinished);
        WasTried = db.Dialect == Dialect.Sqlite || HasSqlite();
        if (!WasTried)
        {
            await stage("Checking the backup", written.Manifest.Size, step => written.Verify(step, stop));
            return;
        }
        await new Trial(written, rooms, stage).Run(scratch, sqliteLibrary, stop);
        if (written.Manifest.Files.Count > 0)
        {
            var size = written.Manifest.Files.Sum(file => file.Size);
            await stage("Checking the uploads", size, step => written.VerifyFiles(step, stop));
        }
    }

    private bool HasSqlite()
    {
        try
        {
            SqliteLibrary.Load(sqliteLibrary);
            return true;
        }
        catch (StartupException)
        {
            return false;
        }
    }

    private async Task<Manifest> DumpTables(Sql sql, ZipArchive zip, CancellationToken stop)
    {
        if (
            sql.Dialect == Dialect.Sqlite
            && await sql.Query<string>("PRAGMA integrity_check") is not ["ok"] and var faults
        )
        {
            throw new StartupException(
                $"The database is damaged ({faults[0]}): this backup would be too. Restore an older one."
            );
        }
        var scripts = await SchemaLevel.Of(sql, rooms);
        var access = Tables.Of(sql);
        var names = SchemaLevel.Tables(await access.Names(), sql.Dialect, rooms);
        var total = 0L;
        foreach (var name in names)
        {
            total += await sql.Single<long>($"SELECT count(*) FROM {Quoted(name)}");
        }
        var tables = new List<ManifestTable>();
        await stage(
            "Reading the database",
            total,
            async step =>
            {
                foreach (var name in names)
                {
                    tables.Add(await Dump(access, name, zip, step, stop));
                }
            }
        );
        return tables.Sum(table => table.Rows) == total
            ? new Manifest
            {
                Format = Manifest.NewestFormat,
                Madang = SchemaLevel.Release.ToString(3),
                Database = SchemaLevel.NameOf(sql.Dialect),
                MadeAt = sql.Now,
                Scripts = scripts,
                Tables = tables,
                Files = [],
            }
            : throw new StartupException("The database gave fewer rows than it counts: it is damaged.");
    }

    private static async Task<ManifestTable> Dump(
        Tables access,
        string name,
        ZipArchive zip,
        Action<long> step,
        CancellationToken stop
    )
    {
        var columns = await access.Columns(name);
        await using var entry = await zip.CreateEntry(ManifestTable.EntryOf(name), CompressionLevel.Fastest)
            .OpenAsync(stop);
        await using var measured = new MeasuredStream(entry);
        var rows = await Rows.Write(measured, columns, access.Rows(name, columns, stop), step, stop);
        return new ManifestTable
        {
            Name = name,
            Columns = columns,
            Rows = rows,
            LastId = await access.LastId(name),
            Size = measured.Count,
            Sha256 = measured.Sha256(),
        };
    }

    private async Task<List<ManifestFile>> CopyUploads(ZipArchive zip, CancellationToken stop)
    {
        var files = new Dictionary<string, ManifestFile>();
        // Looked for twice: a file that comes to its place while they are copied is found there the second time.
        for (var round = 0; round < 2; round++)
        {
            var paths = uploads.Paths().Where(path => !files.ContainsKey(path)).ToList();
            if (paths.Count > 0)
            {
                await stage("Reading the uploads", paths.Count, step => Copy(paths, files, zip, step, stop));
            }
        }
        return [.. files.Values];
    }

    private async Task Copy(
        List<string> paths,
        Dictionary<string, ManifestFile> files,
        ZipArchive zip,
        Action<long> step,
        CancellationToken stop
    )
    {
        foreach (var path in paths)
        {
            if (await Copy(path, zip, stop) is { } copied)
            {
                files.Add(path, copied);
            }
            step(1);
        }
    }

    private async Task<ManifestFile?> Copy(string path, ZipArchive zip, CancellationToken stop)
    {
        FileStream source;
        try
        {
            source = new FileStream(
                uploads.FileOf(path),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // Removed since it was listed: its row went a day ago, so the snapshot does not speak of it.
            return null;
        }
        await using (source)
        {
            // Pictures are compressed already.
            await using var entry = await zip.CreateEntry(ManifestFile.EntryOf(path), CompressionLevel.NoCompression)
                .OpenAsync(stop);
            await using var measured = new MeasuredStream(entry);
            await source.CopyToAsync(measured, stop);
            return new ManifestFile(path, measured.Count, measured.Sha256());
        }
    }
}
