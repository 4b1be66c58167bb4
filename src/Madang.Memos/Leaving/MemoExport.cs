using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Memos.Reading;
using Madang.Memos.Writing;

namespace Madang.Memos.Leaving;

/// <summary>A memo in the export of one's own data, with its earlier texts.</summary>
/// <param name="Memo">The memo.</param>
/// <param name="DeletedAt">Since when it is in the trash, or null.</param>
/// <param name="History">Its earlier texts, newest first.</param>
public sealed record ExportedMemo(Memo Memo, DateTimeOffset? DeletedAt, IReadOnlyList<MemoVersion> History);

/// <summary>All memos of a user, those in the trash too, as <c>memos.json</c>.</summary>
internal sealed class MemoExport(Database db, ContractJson json) : IExportSource
{
    public async Task<IReadOnlyList<ExportFile>> Export(long userId, CancellationToken stop)
    {
        var memos = await db.Read(
            async sql =>
            {
                var rows = await sql.Query<Memo>(
                    $"SELECT {MemoStore.Columns} FROM memos WHERE owner_id = @userId ORDER BY id",
                    new { userId }
                );
                var trash = (
                    await sql.Query<Trashed>(
                        "SELECT id, deleted_at FROM memos WHERE owner_id = @userId AND deleted_at IS NOT NULL",
                        new { userId }
                    )
                ).ToDictionary(row => row.Id, row => row.DeletedAt);
                var versions = (
                    await sql.Query<OwnedVersion>(
                        """
                        SELECT memo_versions.id, memo_id, memo_versions.text, written_at
                        FROM memo_versions
                        JOIN memos ON memos.id = memo_id
                        WHERE owner_id = @userId
                        ORDER BY written_at DESC, memo_versions.id DESC
                        """,
                        new { userId }
                    )
                ).ToLookup(version => version.MemoId);
                return rows.ConvertAll(memo => new ExportedMemo(
                    memo,
                    trash.TryGetValue(memo.Id, out var at) ? at : null,
                    [.. versions[memo.Id].Select(version => version.Version)]
                ));
            },
            stop
        );
        return [new("memos.json", json.Bytes(memos))];
    }

    private sealed record Trashed
    {
        public required long Id { get; init; }
        public required DateTimeOffset DeletedAt { get; init; }
    }

    private sealed record OwnedVersion
    {
        public required long Id { get; init; }
        public required long MemoId { get; init; }
        public required string Text { get; init; }
        public required DateTimeOffset WrittenAt { get; init; }

        internal MemoVersion Version =>
            new()
            {
                Id = Id,
                Text = Text,
                WrittenAt = WrittenAt,
            };
    }
}
