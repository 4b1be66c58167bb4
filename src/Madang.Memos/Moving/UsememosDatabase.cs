using Microsoft.Data.Sqlite;

namespace Madang.Memos.Moving;

/// <summary>
/// The database of a usememos server, <c>memos_prod.db</c>: the table <c>memo</c>, and in older ones <c>memo_organizer</c> for the pins.
/// It is somebody's file: opened for reading alone, and nothing in its schema is run (SQLite, Defense Against The Dark Arts).
/// </summary>
internal static class UsememosDatabase
{
    /// <exception cref="BrokenImportException">It is damaged, is not usememos', or it isn't clear whose memos are meant.</exception>
    internal static IEnumerable<IncomingItem> Read(string path, string? author, DateTimeOffset now)
    {
        using var connection = Guarded(() => Open(path));
        var creator = Guarded(() => Creator(connection, author));
        var pinned = Guarded(() => Pinned(connection, creator));
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT *, length(CAST(content AS BLOB)) AS content_bytes FROM memo
            WHERE creator_id = $creator
            ORDER BY id
            """;
        command.Parameters.AddWithValue("$creator", creator);
        using var rows = Guarded(command.ExecuteReader);
        var columns = Enumerable.Range(0, rows.FieldCount).ToDictionary(rows.GetName, StringComparer.Ordinal);
        while (Guarded(rows.Read))
        {
            yield return Guarded(() => Item(new Row(rows, columns), pinned, now));
        }
    }

    private static IncomingItem Item(Row row, HashSet<long> pinned, DateTimeOffset now)
    {
        var id = row["id"];
        var place = $"memo {id}";
        // Four bytes a character at most.
        if (long.TryParse(row["content_bytes"], out var bytes) && bytes > 4L * Memo.LongestText)
        {
            return RawMemo.Bad(place, ImportFault.TooLong);
        }
        var name = row["uid"] ?? row["resource_name"] ?? id;
        return new RawMemo
        {
            Text = row["content"],
            Visibility = row["visibility"],
            Created = row["created_ts"],
            Updated = row["updated_ts"],
            Pinned =
                row["pinned"] == "1" || (long.TryParse(id, out var number) && pinned.Contains(number)) ? "true" : null,
            Archived = row["row_status"] == "ARCHIVED" ? "true" : null,
            Name = $"usememos {name}",
        }.Check(place, now);
    }

    private static SqliteConnection Open(string path)
    {
        // As it is: no journal beside it is played back, and none is made.
        var name = $"file:{Uri.EscapeDataString(path)}?immutable=1";
        var connection = new SqliteConnection($"Data Source={name};Mode=ReadOnly;Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA trusted_schema = OFF");
        Run(connection, "PRAGMA cell_size_check = ON");
        var isTable =
            Scalar(connection, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'memo'") as string;
        if (isTable?.StartsWith("CREATE TABLE", StringComparison.OrdinalIgnoreCase) != true)
        {
            connection.Dispose();
            throw new BrokenImportException("unknown_database");
        }
        return connection;
    }

    private static long Creator(SqliteConnection connection, string? author)
    {
        var creators = new List<(long Id, string Name)>();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT DISTINCT creator_id, COALESCE((SELECT username FROM user WHERE user.id = creator_id), creator_id) FROM memo
            LIMIT 1000
            """;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            creators.Add((rows.GetInt64(0), rows.GetString(1)));
        }
        if (author is null && creators.Count == 1)
        {
            return creators[0].Id;
        }
        if (creators.Count == 0)
        {
            throw new BrokenImportException("nothing");
        }
        var found = creators.FindIndex(creator => creator.Name == author);
        return found >= 0
            ? creators[found].Id
            : throw new BrokenImportException(
                "needs_author",
                string.Join(", ", creators.Take(50).Select(creator => creator.Name))
            );
    }

    private static HashSet<long> Pinned(SqliteConnection connection, long creator)
    {
        var pinned = new HashSet<long>();
        if (Scalar(connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'memo_organizer'") is null)
        {
            return pinned;
        }
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT memo_id FROM memo_organizer WHERE pinned = 1 AND user_id = $creator LIMIT 100000";
        command.Parameters.AddWithValue("$creator", creator);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            pinned.Add(rows.GetInt64(0));
        }
        return pinned;
    }

    private static object? Scalar(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }

    private static void Run(SqliteConnection connection, string text) => Scalar(connection, text);

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is SqliteException or InvalidCastException)
        {
            throw new BrokenImportException("broken_database");
        }
    }

    /// <summary>A row by the names of its columns, which differ between releases.</summary>
    private sealed record Row(SqliteDataReader Reader, Dictionary<string, int> Columns)
    {
        internal string? this[string name] =>
            Columns.TryGetValue(name, out var at) && !Reader.IsDBNull(at) ? Reader.GetString(at) : null;
    }
}
