using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Foundation.Data;

/// <summary>
/// The parameters of a statement of SQLite by their places, from 1, for what is written by the ten thousand: a command of the driver and
/// its parameters cost more than the row. A place keeps its value until it gets another.
/// </summary>
public readonly struct Places
{
    private const int OnStack = 256;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    internal Places(sqlite3 database, sqlite3_stmt statement) =>
        (this.database, this.statement) = (database, statement);

    /// <summary>Puts a number into a place.</summary>
    public void Number(int place, long value) => Check(raw.sqlite3_bind_int64(statement, place, value));

    /// <summary>Puts a text into a place.</summary>
    public void Text(int place, string value)
    {
        if (value.Length == 0)
        {
            // A span without a byte is NULL to the driver.
            Check(raw.sqlite3_bind_text(statement, place, ""));
            return;
        }
        var length = Encoding.UTF8.GetMaxByteCount(value.Length);
        var bytes = length <= OnStack ? stackalloc byte[OnStack] : new byte[length];
        Check(raw.sqlite3_bind_text(statement, place, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
    }

    /// <summary>Puts a time into a place, to the microsecond.</summary>
    public void Time(int place, DateTimeOffset value) => Number(place, Instant.ToMicroseconds(value));

    /// <summary>Empties a place.</summary>
    public void Null(int place) => Check(raw.sqlite3_bind_null(statement, place));

    internal void Run()
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, database);
}
