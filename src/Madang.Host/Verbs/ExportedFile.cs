using Madang.Foundation.Data;
using Madang.Foundation.Modules;

namespace Madang.Host.Verbs;

/// <summary>A file that a verb writes: it gets its name when it is whole, and what did not become whole leaves nothing.</summary>
internal static class ExportedFile
{
    /// <exception cref="StartupException">The name won't do, or the file can't be written.</exception>
    internal static async Task<int> Write(
        string file,
        string title,
        Func<CancellationToken, Task<long>> count,
        Func<Stream, Action, CancellationToken, Task> write
    )
    {
        var path = Path.GetFullPath(file);
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            throw new StartupException($"There is no folder {folder}.");
        }
        if (Path.Exists(path))
        {
            throw new StartupException($"{file} is there already: give another name.");
        }
        using var interruption = new Interruption();
        var stop = interruption.Token;
        var total = await count(stop);
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            long size;
            await using (var to = Durable.NewPrivate(unfinished))
            {
                await Progress.Run(title, total, step => write(to, () => step(1), stop));
                to.Flush(flushToDisk: true);
                size = to.Length;
            }
            Durable.Place(unfinished, path, mayOverwrite: false);
            Console.WriteLine($"Wrote {file}, {Summary.Bytes(size)}.");
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{file} can't be written: {error.Message}", error);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
