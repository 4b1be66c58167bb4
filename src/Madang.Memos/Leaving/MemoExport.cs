using Madang.Foundation.Accounts;
using Madang.Memos.Moving;
using Madang.Memos.Pictures;

namespace Madang.Memos.Leaving;

/// <summary>All memos of a user in the export of his data, those in the trash too, their earlier texts, and all his pictures.</summary>
internal sealed class MemoExport(MemoFiles files, PictureStore pictures) : IExportSource
{
    public async Task<IReadOnlyList<ExportFile>> Export(long userId, CancellationToken stop) =>
        [
            new("memos.json", (to, stop) => files.WriteJson(to, userId, withTrash: true, null, stop)),
            new("memo_history.json", (to, stop) => files.WriteHistory(to, userId, stop)),
            .. from picture in await pictures.AllOf(userId, stop)
            select new ExportFile(
                MemoFiles.NameOf(picture),
                async (to, stop) =>
                {
                    await using var content = pictures.Open(picture);
                    await (content?.CopyToAsync(to, stop) ?? Task.CompletedTask);
                }
            ),
        ];
}
