using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Memos.Moving;

namespace Madang.Host.Verbs;

/// <summary>What <c>memos export</c> does: the file gets its name when it is whole, and what did not become whole leaves nothing.</summary>
internal static class MemosExport
{
    /// <exception cref="StartupException">The name won't do, or the file can't be written.</exception>
    internal static async Task<int> Write(string file, long owner, IServiceProvider rooms)
    {
        var isJson = file.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !file.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException("The file's name must end with .zip or .json.");
        }
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
        var total = await rooms.GetRequiredService<MovingMemos>().Count(owner, stop);
        var files = rooms.GetRequiredService<MemoFiles>();
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            long size;
            await using (var to = Durable.NewPrivate(unfinished))
            {
                await Progress.Run(
                    "Writing the memos",
                    total,
                    step =>
                        isJson
                            ? files.WriteJson(to, owner, withTrash: false, () => step(1), stop)
                            : files.WriteZip(to, owner, () => step(1), stop)
                );
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
