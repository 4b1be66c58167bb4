using Madang.Foundation.Data;
using Madang.Foundation.Moving;

namespace Madang.Memos.Moving;

/// <summary>Which files of imports are still named by a row.</summary>
internal sealed class ImportedFiles(Database db)
{
    private const int Batch = 200;

    /// <returns>Those of some files that no row names.</returns>
    internal async Task<List<string>> Unnamed(IEnumerable<string> files, CancellationToken stop)
    {
        var unnamed = new List<string>();
        foreach (var names in files.Chunk(Batch))
        {
            var named = await db.Read(
                sql =>
                    sql.Query<string>(
                        $"SELECT file FROM memo_imports WHERE file IS NOT NULL AND {sql.In("file", "@names")}",
                        new { names }
                    ),
                stop
            );
            unnamed.AddRange(names.Except(named));
        }
        return unnamed;
    }

    /// <returns>The files of imports that nobody has gone on with since <paramref name="before"/>; their rows let go of them.</returns>
    internal Task<List<string>> LetGo(DateTimeOffset before, CancellationToken stop) =>
        db.Write(sql => ImportRows.LetGo(sql, ImportStore.Table, before), stop);
}
