using Madang.Foundation.Accounts;
using Madang.Memos.Moving;

namespace Madang.Memos.Leaving;

/// <summary>All memos of a user in the export of his data, those in the trash too, and their earlier texts.</summary>
internal sealed class MemoExport(MemoFiles files) : IExportSource
{
    public Task<IReadOnlyList<ExportFile>> Export(long userId, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<ExportFile>>([
            new("memos.json", (to, stop) => files.WriteJson(to, userId, withTrash: true, null, stop)),
            new("memo_history.json", (to, stop) => files.WriteHistory(to, userId, stop)),
        ]);
}
