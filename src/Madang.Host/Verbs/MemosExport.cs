using Madang.Foundation.Modules;
using Madang.Memos.Moving;

namespace Madang.Host.Verbs;

/// <summary>What <c>memos export</c> does.</summary>
internal static class MemosExport
{
    /// <exception cref="StartupException">The name won't do, or the file can't be written.</exception>
    internal static Task<int> Write(string file, long owner, IServiceProvider rooms)
    {
        var isJson = file.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !file.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException("The file's name must end with .zip or .json.");
        }
        var memos = rooms.GetRequiredService<MovingMemos>();
        var files = rooms.GetRequiredService<MemoFiles>();
        return ExportedFile.Write(
            file,
            "Writing the memos",
            stop => memos.Count(owner, stop),
            (to, step, stop) =>
                isJson
                    ? files.WriteJson(to, owner, withTrash: false, step, stop)
                    : files.WriteZip(to, owner, step, stop)
        );
    }
}
