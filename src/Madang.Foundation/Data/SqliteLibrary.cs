using System.Reflection;
using System.Runtime.InteropServices;
using Madang.Foundation.Modules;
using SQLitePCL;

namespace Madang.Foundation.Data;

/// <summary>
/// SQLite is the operating system's own library, which the system keeps patched. This file finds it, and says in one sentence
/// what is wrong with it when it will not do.
/// </summary>
internal static class SqliteLibrary
{
    /// <summary>3.35 brought RETURNING, the newest thing that our SQL uses.</summary>
    private const int OldestVersion = 3_035_000;

    private static readonly Lock Gate = new();
    private static bool isLoaded;

    /// <param name="file">Another library than the system's, or null.</param>
    /// <exception cref="StartupException">It is missing, too old, or was built without FTS5.</exception>
    internal static void Load(string? file)
    {
        lock (Gate)
        {
            if (isLoaded)
            {
                return;
            }
            var driver = typeof(SQLite3Provider_e_sqlite3).Assembly;
            NativeLibrary.SetDllImportResolver(
                driver,
                (name, assembly, _) => name == "e_sqlite3" ? Find(file, assembly) : 0
            );
            Check();
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            raw.FreezeProvider();
            SqliteColumns.Bind(Find(file, driver));
            isLoaded = true;
        }
    }

    private static void Check()
    {
        var provider = new SQLite3Provider_e_sqlite3();
        int version;
        try
        {
            version = ((ISQLite3Provider)provider).sqlite3_libversion_number();
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new StartupException(
                "SQLite is missing: install your system's libsqlite3 (Debian and Ubuntu: apt install libsqlite3-0), or set Data:Postgres.",
                error
            );
        }
        if (version < OldestVersion)
        {
            throw new StartupException(
                $"SQLite {version / 1_000_000}.{version / 1_000 % 1_000} is too old: Madang needs 3.35 or newer, or set Data:Postgres."
            );
        }
        if (((ISQLite3Provider)provider).sqlite3_compileoption_used(utf8z.FromString("ENABLE_FTS5")) == 0)
        {
            throw new StartupException(
                "This SQLite was built without FTS5, which search needs: install your system's own libsqlite3, or set Data:Postgres."
            );
        }
    }

    private static nint Find(string? file, Assembly assembly)
    {
        var name =
            file
            ?? (
                OperatingSystem.IsWindows() ? "winsqlite3.dll"
                : OperatingSystem.IsMacOS() ? "libsqlite3.dylib"
                : "libsqlite3.so.0"
            );
        return NativeLibrary.Load(name, assembly, searchPath: null);
    }
}
