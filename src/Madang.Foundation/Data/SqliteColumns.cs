using System.Runtime.InteropServices;

namespace Madang.Foundation.Data;

/// <summary>
/// The values of the row that a statement of SQLite stands at (https://sqlite.org/c3ref/column_blob.html). A long list asks for thousands:
/// through the driver, which counts who holds the statement and lets the garbage collector in, each takes longer than SQLite does.
/// </summary>
internal static partial class SqliteColumns
{
    private const string Library = "e_sqlite3";

    /// <param name="statement">The statement, which its caller holds open meanwhile.</param>
    /// <param name="column">Its place, from 0.</param>
    /// <returns>The number; 0 for NULL.</returns>
    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    internal static partial long Number(nint statement, int column);

    /// <inheritdoc cref="Number" />
    /// <returns>The text; null for NULL.</returns>
    internal static string? Text(nint statement, int column) =>
        Start(statement, column) is not 0 and var text
            ? Marshal.PtrToStringUTF8(text, Length(statement, column))
            : null;

    /// <inheritdoc cref="Number" />
    internal static bool IsNull(nint statement, int column) => Type(statement, column) == SQLitePCL.raw.SQLITE_NULL;

    [LibraryImport(Library, EntryPoint = "sqlite3_column_text"), SuppressGCTransition]
    private static partial nint Start(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    private static partial int Length(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    private static partial int Type(nint statement, int column);
}
