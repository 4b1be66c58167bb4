using System.Runtime.InteropServices;

namespace Madang.Foundation.Data;

/// <summary>
/// The values of the row that a statement of SQLite stands at (https://sqlite.org/c3ref/column_blob.html). A long list asks for thousands:
/// through the driver, which counts who holds the statement and lets the garbage collector in, each takes longer than SQLite does.
/// </summary>
internal static unsafe class SqliteColumns
{
    // Found when the library is, and not by an import: the runtime would look for an import's library before the first row of PostgreSQL too.
    private static delegate* unmanaged[SuppressGCTransition]<nint, int, long> number;
    private static delegate* unmanaged[SuppressGCTransition]<nint, int, nint> text;
    private static delegate* unmanaged[SuppressGCTransition]<nint, int, int> length;
    private static delegate* unmanaged[SuppressGCTransition]<nint, int, int> type;

    /// <param name="library">SQLite, loaded.</param>
    /// <exception cref="EntryPointNotFoundException">It is something else.</exception>
    internal static void Bind(nint library)
    {
        number = (delegate* unmanaged[SuppressGCTransition]<nint, int, long>)Find("sqlite3_column_int64");
        text = (delegate* unmanaged[SuppressGCTransition]<nint, int, nint>)Find("sqlite3_column_text");
        length = (delegate* unmanaged[SuppressGCTransition]<nint, int, int>)Find("sqlite3_column_bytes");
        type = (delegate* unmanaged[SuppressGCTransition]<nint, int, int>)Find("sqlite3_column_type");

        nint Find(string name) => NativeLibrary.GetExport(library, name);
    }

    /// <param name="statement">The statement, which its caller holds open meanwhile.</param>
    /// <param name="column">Its place, from 0.</param>
    /// <returns>The number; 0 for NULL.</returns>
    internal static long Number(nint statement, int column) => number(statement, column);

    /// <inheritdoc cref="Number" />
    /// <returns>The text; null for NULL.</returns>
    internal static string? Text(nint statement, int column) =>
        text(statement, column) is not 0 and var start
            ? Marshal.PtrToStringUTF8(start, length(statement, column))
            : null;

    /// <inheritdoc cref="Number" />
    internal static bool IsNull(nint statement, int column) => type(statement, column) == SQLitePCL.raw.SQLITE_NULL;
}
