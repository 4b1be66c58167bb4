using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Memos.Moving;

/// <summary>
/// The database of a usememos server, <c>memos_prod.db</c>: the table <c>memo</c>, in older ones <c>memo_organizer</c> for the pins, and
/// the pictures that are kept in it. It is somebody's file: opened for reading alone, only plain tables are read, nothing in its schema
/// is run, and neither a value nor the whole takes more than a bound (SQLite, Defense Against The Dark Arts).
/// </summary>
internal sealed class UsememosDatabase : IDisposable
{
    /// <summary>Bytes of one value, as of one object of JSON: 8 MiB.</summary>
    private const int MostBytes = 8 * 1024 * 1024;

    private const int MostColumns = 40;

    /// <summary>Of SQLite's machine between two looks at the watch.</summary>
    private const int Steps = 10_000;

    private const int TooBig = 18;

    /// <summary>What a file of the greatest size takes is a small part of it, even on a slow machine.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    private readonly SqliteConnection connection;
    private readonly Stopwatch inside = new();
    private readonly TimeSpan limit;

    /// <param name="path">The file.</param>
    /// <param name="limit">How long SQLite itself may work on it.</param>
    /// <exception cref="BrokenImportException">It is damaged, or not usememos'.</exception>
    internal UsememosDatabase(string path, TimeSpan? limit = null)
    {
        this.limit = limit ?? LongestRead;
        // As it is: no journal beside it is played back, and none is made.
        var name = $"file:{Uri.EscapeDataString(path)}?immutable=1";
        connection = new SqliteConnection($"Data Source={name};Mode=ReadOnly;Pooling=False");
        var isReady = false;
        try
        {
            isReady = Guarded(Open);
        }
        finally
        {
            if (!isReady)
            {
                connection.Dispose();
            }
        }
        if (!isReady)
        {
            throw new BrokenImportException("unknown_database");
        }
    }

    public void Dispose() => connection.Dispose();

    /// <exception cref="BrokenImportException">It is damaged, or it isn't clear whose memos are meant.</exception>
    internal IEnumerable<IncomingItem> Read(string? author, DateTimeOffset now)
    {
        var creator = Guarded(() => Creator(author));
        var pinned = Guarded(() => Pinned(creator));
        var pictures = Guarded(() => new UsememosPictures(connection, creator, IsPlain));
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
            yield return Guarded(() => Item(new Row(rows, columns), pinned, pictures, now));
        }
    }

    private static IncomingItem Item(Row row, HashSet<long> pinned, UsememosPictures pictures, DateTimeOffset now)
    {
        var id = row["id"];
        var place = $"memo {id}";
        // Four bytes a character at most.
        if (long.TryParse(row["content_bytes"], out var bytes) && bytes > 4L * Memo.LongestText)
        {
            return RawMemo.Bad(place, ImportFault.TooLong);
        }
        var number = long.TryParse(id, out var parsed) ? parsed : -1;
        var name = row["uid"] ?? row["resource_name"] ?? id;
        var item = new RawMemo
        {
            Text = row["content"],
            Visibility = row["visibility"],
            Created = row["created_ts"],
            Updated = row["updated_ts"],
            Pinned = row["pinned"] == "1" || pinned.Contains(number) ? "true" : null,
            Archived = row["row_status"] == "ARCHIVED" ? "true" : null,
            Name = $"usememos {name}",
        }.Check(place, now);
        return item.Memo is null ? item : item with { Memo = item.Memo with { Pictures = pictures.Of(number) } };
    }

    /// <returns>False when it isn't usememos'.</returns>
    private bool Open()
    {
        connection.Open();
        var handle = connection.Handle!;
        raw.sqlite3_progress_handler(handle, Steps, _ => inside.Elapsed > limit ? 1 : 0, null);
        raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_LENGTH, MostBytes);
        raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_COLUMN, MostColumns);
        foreach (
            var pragma in new[]
            {
                "PRAGMA trusted_schema = OFF",
                "PRAGMA query_only = ON",
                "PRAGMA cell_size_check = ON",
                "PRAGMA mmap_size = 0",
            }
        )
        {
            Scalar(pragma);
        }
        return IsPlain("memo");
    }

    /// <summary>Whether this is a table that just lies there: no view, nothing virtual, no column that is worked out when it is read.</summary>
    private bool IsPlain(string name) =>
        Scalar("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $value", name) is string sql
        && sql.StartsWith("CREATE TABLE", StringComparison.OrdinalIgnoreCase)
        && Scalar("SELECT count(*) FROM pragma_table_xinfo($value) WHERE hidden <> 0", name) is 0L;

    private long Creator(string? author)
    {
        var creators = new List<(long Id, string Name)>();
        using var command = connection.CreateCommand();
        command.CommandText = IsPlain("user")
            ? """
                SELECT DISTINCT creator_id, COALESCE((SELECT substr(username, 1, 200) FROM user WHERE user.id = creator_id), creator_id)
                FROM memo
                LIMIT 1000
                """
            : "SELECT DISTINCT creator_id, creator_id FROM memo LIMIT 1000";
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

    private HashSet<long> Pinned(long creator)
    {
        var pinned = new HashSet<long>();
        if (!IsPlain("memo_organizer"))
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

    private object? Scalar(string text, string? value = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        if (value is not null)
        {
            command.Parameters.AddWithValue("$value", value);
        }
        return command.ExecuteScalar();
    }

    /// <summary>Lets SQLite work, on the watch.</summary>
    private T Guarded<T>(Func<T> work)
    {
        inside.Start();
        try
        {
            return work();
        }
        catch (SqliteException error) when (error.SqliteErrorCode == TooBig)
        {
            throw new BrokenImportException("too_large_a_part");
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            throw new BrokenImportException("too_large");
        }
        catch (Exception error) when (error is SqliteException or InvalidCastException)
        {
            throw new BrokenImportException("broken_database");
        }
        finally
        {
            inside.Stop();
        }
    }

    /// <summary>A row by the names of its columns, which differ between releases.</summary>
    private sealed record Row(SqliteDataReader Reader, Dictionary<string, int> Columns)
    {
        internal string? this[string name] =>
            Columns.TryGetValue(name, out var at) && !Reader.IsDBNull(at) ? Reader.GetString(at) : null;
    }
}
