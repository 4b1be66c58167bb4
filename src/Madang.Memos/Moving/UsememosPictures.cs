using Madang.Foundation.Moving;
using Madang.Memos.Pictures;
using Microsoft.Data.Sqlite;

namespace Madang.Memos.Moving;

/// <summary>
/// The pictures that a usememos server keeps in its database: the table <c>attachment</c>, once called <c>resource</c>. They
/// belong to a memo and don't stand in its text, so they are put at its end. Those kept as files or elsewhere are not in it.
/// </summary>
internal sealed class UsememosPictures
{
    /// <summary>More addresses of pictures than a memo has room for, the shortest being of 51 characters.</summary>
    internal const int MostOfMemo = Memo.LongestText / 50;

    private readonly ILookup<long, IncomingPicture> all;

    /// <param name="connection">The database.</param>
    /// <param name="creator">Whose pictures.</param>
    /// <param name="left">Bytes that all of them may come to.</param>
    /// <param name="isPlain">Whether a table of this name may be read.</param>
    internal UsememosPictures(SqliteConnection connection, long creator, Budget left, Func<string, bool> isPlain)
    {
        var found = new List<(long Memo, IncomingPicture Picture)>();
        if (isPlain("attachment"))
        {
            Find(
                "attachment",
                """
                SELECT memo_id, rowid, substr(CAST(filename AS TEXT), 1, 200) FROM attachment NOT INDEXED
                WHERE creator_id = $creator AND typeof(memo_id) = 'integer' AND typeof(blob) = 'blob'
                AND type IN ('image/png', 'image/jpeg', 'image/webp', 'image/gif')
                LIMIT 100000
                """
            );
        }
        else if (isPlain("resource") && HasMemo(connection))
        {
            Find(
                "resource",
                """
                SELECT memo_id, rowid, substr(CAST(filename AS TEXT), 1, 200) FROM resource NOT INDEXED
                WHERE creator_id = $creator AND typeof(memo_id) = 'integer' AND typeof(blob) = 'blob'
                AND type IN ('image/png', 'image/jpeg', 'image/webp', 'image/gif')
                LIMIT 100000
                """
            );
        }
        all = found.ToLookup(one => one.Memo, one => one.Picture);

        void Find(string table, string text)
        {
            using var command = connection.CreateCommand();
            command.CommandText = text;
            command.Parameters.AddWithValue("$creator", creator);
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var (id, name) = (rows.GetInt64(1), rows.IsDBNull(2) ? "" : rows.GetString(2));
                var picture = new IncomingPicture(
                    $"{table} {id}",
                    $"{table} {id}: {name}",
                    () => new MeteredStream(new SqliteBlob(connection, table, "blob", id, readOnly: true), left)
                )
                {
                    Title = PictureForm.NameOf(name),
                };
                found.Add((rows.GetInt64(0), picture));
            }
        }
    }

    internal IReadOnlyList<IncomingPicture> Of(long memo) =>
        [.. all[memo].Select((picture, at) => at < MostOfMemo ? picture : picture with { HasRoom = false })];

    /// <summary>Old releases kept that in a table of its own.</summary>
    private static bool HasMemo(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM pragma_table_xinfo('resource') WHERE name = 'memo_id'";
        return command.ExecuteScalar() is 1L;
    }
}
