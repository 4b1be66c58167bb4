using System.Diagnostics;
using Madang.Foundation.Moving;
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
    private const int Steps = 1_000;

    private const int TooBig = 18;

    /// <summary>What a file of the greatest size takes is a small part of it, even on a slow machine.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    private readonly SqliteConnection connection;
    private readonly Stopwatch inside = new();
    private readonly TimeSpan limit;
    private readonly Budget leftForPictures;

    /// <param name="path">The file.</param>
    /// <param name="mostUnpacked">Bytes that its pictures may come to: a page of the file may belong to any number of them.</param>
    /// <param name="limit">How long SQLite itself may work on it.</param>
    /// <exception cref="BrokenImportException">It is damaged, or not usememos'.</exception>
    internal UsememosDatabase(string path, long mostUnpacked, TimeSpan? limit = null)
    {
        this.limit = limit ?? LongestRead;
        leftForPictures = new(mostUnpacked);
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
        var pictures = Guarded(() => new UsememosPictures(connection, creator, leftForPictures, IsPlain));
        using var command = Guarded(() => UsememosRow.Select(connection, creator));
        using var rows = Guarded(command.ExecuteReader);
        var row = new UsememosRow(rows);
        while (Guarded(rows.Read))
        {
            yield return Guarded(() => Item(row, pinned, pictures, now));
        }
    }

    private static IncomingItem Item(
        UsememosRow row,
        HashSet<long> pinned,
        UsememosPictures pictures,
        DateTimeOffset now
    )
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
                "PRAGMA automatic_index = OFF",
            }
        )
        {
            Scalar(pragma);
        }
        return IsPlain("memo");
    }

    /// <summary>
    /// Whether this is a table that just lies there: no view, nothing virtual, no column that is worked out when it is read, none that
    /// is called as the place of a row is, by which it would have to be sorted.
    /// </summary>
    private bool IsPlain(string name) =>
        Scalar("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $value", name) is string sql
        && sql.StartsWith("CREATE TABLE", StringComparison.OrdinalIgnoreCase)
        && Scalar("SELECT count(*) FROM pragma_table_xinfo($value) WHERE hidden <> 0 OR lower(name) = 'rowid'", name)
            is 0L;

    private long Creator(string? author)
    {
        var creators = new List<(long Id, string Name)>();
        using var command = connection.CreateCommand();
        command.CommandText = IsPlain("user")
            ? """
                SELECT DISTINCT creator_id, COALESCE(
                    (SELECT substr(CAST(username AS TEXT), 1, 200) FROM user NOT INDEXED WHERE user.id = creator_id),
                    creator_id
                )
                FROM memo NOT INDEXED
                WHERE typeof(creator_id) = 'integer'
                LIMIT 1000
                """
            : """
                SELECT DISTINCT creator_id, creator_id FROM memo NOT INDEXED
                WHERE typeof(creator_id) = 'integer'
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

    private HashSet<long> Pinned(long creator)
    {
        var pinned = new HashSet<long>();
        if (!IsPlain("memo_organizer"))
        {
            return pinned;
        }
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT memo_id FROM memo_organizer NOT INDEXED
            WHERE pinned = 1 AND user_id = $creator AND typeof(memo_id) = 'integer'
            LIMIT 100000
            """;
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
            var done = work();
            // A step may take long by itself: a value may lead through the same page as often as it likes.
            return inside.Elapsed <= limit ? done : throw new BrokenImportException("too_large");
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
}
