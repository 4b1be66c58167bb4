using Microsoft.Data.Sqlite;

namespace Madang.Memos.Moving;

/// <summary>
/// A row of the table <c>memo</c> by the names of its columns, which differ between releases. Only those that are known are read, and all
/// but the text are cut: a column is whatever somebody put there, and a value may be as large as SQLite lets it be.
/// </summary>
internal sealed class UsememosRow(SqliteDataReader reader)
{
    private readonly Dictionary<string, int> columns = Enumerable
        .Range(0, reader.FieldCount)
        .ToDictionary(reader.GetName, StringComparer.Ordinal);

    internal string? this[string name] => reader.IsDBNull(columns[name]) ? null : reader.GetString(columns[name]);

    /// <summary>In the order in which they lie: an index is somebody's too, and sorting would take as much room as the file asks for.</summary>
    /// <returns>What reads the memos of one of the people.</returns>
    internal static SqliteCommand Select(SqliteConnection connection, long creator)
    {
        var known = Columns(connection);
        var (hasUid, hasResource) = (known.Contains("uid"), known.Contains("resource_name"));
        var (hasCreated, hasUpdated) = (known.Contains("created_ts"), known.Contains("updated_ts"));
        var (hasVisibility, hasPinned) = (known.Contains("visibility"), known.Contains("pinned"));
        var hasStatus = known.Contains("row_status");
        var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT
                content, length(CAST(content AS BLOB)) AS content_bytes,
                substr(CAST(id AS TEXT), 1, 200) AS id,
                {(hasUid ? "substr(CAST(uid AS TEXT), 1, 200)" : "NULL")} AS uid,
                {(hasResource ? "substr(CAST(resource_name AS TEXT), 1, 200)" : "NULL")} AS resource_name,
                {(hasCreated ? "substr(CAST(created_ts AS TEXT), 1, 200)" : "NULL")} AS created_ts,
                {(hasUpdated ? "substr(CAST(updated_ts AS TEXT), 1, 200)" : "NULL")} AS updated_ts,
                {(hasVisibility ? "substr(CAST(visibility AS TEXT), 1, 200)" : "NULL")} AS visibility,
                {(hasPinned ? "substr(CAST(pinned AS TEXT), 1, 200)" : "NULL")} AS pinned,
                {(hasStatus ? "substr(CAST(row_status AS TEXT), 1, 200)" : "NULL")} AS row_status
            FROM memo NOT INDEXED
            WHERE creator_id = $creator AND typeof(creator_id) = 'integer'
            ORDER BY rowid
            """;
        command.Parameters.AddWithValue("$creator", creator);
        return command;
    }

    private static HashSet<string> Columns(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_xinfo('memo')";
        using var rows = command.ExecuteReader();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (rows.Read())
        {
            names.Add(rows.GetString(0));
        }
        return names;
    }
}
