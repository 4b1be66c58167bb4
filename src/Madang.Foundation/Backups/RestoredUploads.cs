using Madang.Foundation.Data;

namespace Madang.Foundation.Backups;

/// <summary>
/// The files of a backup on their way. Each stands whole under its name before the rows that speak of it do; one whose name the old
/// state uses for other bytes waits beside it until the old state is gone.
/// </summary>
internal sealed class RestoredUploads(BackupFile backup, UploadFolder folder, Stage stage)
{
    private readonly List<string> placed = [];
    private readonly List<(string Waiting, string File)> waiting = [];

    internal bool AreThere => folder.HasFiles;

    internal async Task Bring(CancellationToken stop)
    {
        var files = backup.Manifest.Files;
        if (files.Count == 0)
        {
            return;
        }
        await stage(
            "Restoring the uploads",
            files.Sum(file => file.Size),
            async step =>
            {
                foreach (var one in files)
                {
                    await Bring(one, step, stop);
                }
            }
        );
    }

    /// <summary>Undoes <see cref="Bring(CancellationToken)"/>: the old state stays.</summary>
    internal void TakeBack()
    {
        waiting.ForEach(one => File.Delete(one.Waiting));
        placed.ForEach(folder.Remove);
    }

    /// <summary>The new state stands: files that waited take their places, and those that it does not speak of go.</summary>
    internal void Settle()
    {
        waiting.ForEach(one => Durable.Place(one.Waiting, one.File, mayOverwrite: true));
        foreach (var path in folder.Paths().Except(backup.Manifest.Files.Select(file => file.Path)).ToList())
        {
            folder.Remove(path);
        }
    }

    private async Task Bring(ManifestFile one, Action<long> step, CancellationToken stop)
    {
        var file = folder.FileOf(one.Path);
        var unfinished = UploadFolder.UnfinishedNameOf(file);
        if (await IsSame(file, one, stop))
        {
            step(one.Size);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(unfinished);
        await using (var stream = Durable.NewPrivate(unfinished))
        {
            await backup.Extract(one, stream, step, stop);
            stream.Flush(flushToDisk: true);
        }
        if (File.Exists(file))
        {
            waiting.Add((unfinished, file));
            return;
        }
        Durable.Place(unfinished, file, mayOverwrite: false);
        placed.Add(one.Path);
    }

    private static async Task<bool> IsSame(string file, ManifestFile one, CancellationToken stop)
    {
        if (!File.Exists(file) || new FileInfo(file).Length != one.Size)
        {
            return false;
        }
        await using var stream = File.OpenRead(file);
        await using var measured = new MeasuredStream(stream);
        await measured.CopyToAsync(Stream.Null, stop);
        return measured.Sha256() == one.Sha256;
    }
}
