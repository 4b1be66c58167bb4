using Madang.Foundation.Data;
using Madang.Foundation.Files;

namespace Madang.Memos.Moving;

/// <summary>Throws away the files of imports that nobody went on with: an hour after a dry run, and what a killed process left.</summary>
internal sealed class ImportHousework(ImportedFiles imports, FileStore files, TimeProvider clock) : IHousework
{
    private static readonly TimeSpan Stay = TimeSpan.FromHours(1);

    public async Task Tidy(CancellationToken stop)
    {
        var passing = files.Passing;
        for (var gone = new List<string> { "" }; gone.Count > 0; )
        {
            gone = await imports.LetGo(clock.GetUtcNow() - Stay, stop);
            gone.ForEach(file => passing.Remove(ImportWorker.Files, file));
        }
        foreach (var left in passing.Left(ImportWorker.Files))
        {
            passing.Discard(ImportWorker.Files, left);
        }
        // One that could not be removed when its row let go of it.
        foreach (var left in await imports.Unnamed(passing.Old(ImportWorker.Files), stop))
        {
            passing.Remove(ImportWorker.Files, left);
        }
        // Where these files lay before they only passed through; no import goes on from there.
        foreach (var left in files.Left(ImportWorker.Files).Concat(files.Old(ImportWorker.Files)))
        {
            files.Remove(ImportWorker.Files, left);
        }
    }
}
