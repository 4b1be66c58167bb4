using Madang.Foundation.Data;
using Madang.Foundation.Files;

namespace Madang.Memos.Moving;

/// <summary>Throws away the files of imports that nobody went on with: an hour after a dry run, and what a killed process left.</summary>
internal sealed class ImportHousework(ImportStore imports, FileStore files, TimeProvider clock) : IHousework
{
    private static readonly TimeSpan Stay = TimeSpan.FromHours(1);

    public async Task Tidy(CancellationToken stop)
    {
        for (var gone = new List<string> { "" }; gone.Count > 0; )
        {
            gone = await imports.LetGo(clock.GetUtcNow() - Stay, stop);
            gone.ForEach(file => files.Remove(ImportWorker.Files, file));
        }
        foreach (var left in files.Left(ImportWorker.Files))
        {
            files.Discard(ImportWorker.Files, left);
        }
    }
}
