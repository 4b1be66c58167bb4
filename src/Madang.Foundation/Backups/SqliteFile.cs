using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Foundation.Backups;

/// <summary>An embedded database as files: it, its log of late commits, and the index of that log.</summary>
internal static class SqliteFile
{
    internal static void Remove(string file)
    {
        foreach (var one in new[] { file, Log(file), Index(file), $"{file}-journal" })
        {
            File.Delete(one);
        }
    }

    /// <summary>Brings everything into the one file, and that to the disk. Nobody has it open.</summary>
    /// <exception cref="IOException">Somebody has.</exception>
    internal static void Close(string file)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false };
        using (var connection = new SqliteConnection(settings.ToString()))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            // Leaving the log's mode takes the log away; the next to open it goes back to it.
            command.CommandText = "PRAGMA journal_mode = DELETE";
            if (command.ExecuteScalar() is not "delete")
            {
                throw new IOException($"Somebody has {file} open.");
            }
        }
        Durable.Flush(file);
    }

    /// <exception cref="StartupException">It does not pass its integrity check.</exception>
    internal static void Check(string file, CancellationToken stop)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false };
        using var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        using var interruption = stop.UnsafeRegister(_ => raw.sqlite3_interrupt(connection.Handle), null);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        try
        {
            if (command.ExecuteScalar() is not "ok")
            {
                throw new StartupException("The restored database does not pass its integrity check.");
            }
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException(error.Message, error, stop);
        }
    }

    /// <summary>
    /// Puts a closed database into another's place. A log that stays behind would be read into the wrong database, so the old one
    /// is closed first; one that is too damaged for that is given up.
    /// </summary>
    internal static void Replace(string file, string made)
    {
        if (File.Exists(file))
        {
            try
            {
                Close(file);
            }
            catch (Exception error) when (error is SqliteException or IOException)
            {
                // It is to be replaced: whatever is wrong with it goes with it.
            }
        }
        File.Delete(Log(file));
        File.Delete(Index(file));
        Durable.Place(made, file, mayOverwrite: true);
    }

    private static string Log(string file) => $"{file}-wal";

    private static string Index(string file) => $"{file}-shm";
}
