using Madang.Foundation.Modules;

namespace Madang.Foundation.Data;

/// <summary>
/// A place in the data folder, held by every process that works on its database. A restore needs the folder for itself: a server that
/// had the old file open would go on writing into nothing.
/// </summary>
internal static class DataFolder
{
    private const string LockName = "madang.lock";
    private const string ServerLockName = "madang.server.lock";

    /// <summary>Takes a place beside others.</summary>
    /// <exception cref="StartupException">Somebody has the folder to himself.</exception>
    internal static IDisposable Share(string folder) =>
        Take(folder, LockName, FileShare.Read, $"A restore is under way in {folder}: wait until it is done.");

    /// <summary>
    /// Takes a place beside the verbs, as the only server: what it keeps in memory, and the queue of its writes, are of one process.
    /// </summary>
    /// <exception cref="StartupException">Another server runs on the folder, or a restore is under way.</exception>
    internal static IDisposable Serve(string folder)
    {
        var place = Take(
            folder,
            ServerLockName,
            FileShare.None,
            $"Another server runs on {folder}: stop it first. A yard on SQLite has one server; for several, set Data:Postgres."
        );
        try
        {
            return new Places(place, Share(folder));
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>Takes the folder for this process alone.</summary>
    /// <exception cref="StartupException">Somebody works on it.</exception>
    internal static IDisposable Own(string folder) =>
        Take(folder, LockName, FileShare.None, $"Another process of Madang works on {folder}: stop the server first.");

    private static FileStream Take(string folder, string name, FileShare share, string refusal)
    {
        var file = Path.Combine(folder, name);
        try
        {
            if (!File.Exists(file))
            {
                using var made = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            }
            return new FileStream(file, FileMode.Open, FileAccess.Read, share);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StartupException($"The database's folder {folder} cannot be used: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new StartupException(refusal, error);
        }
    }

    private sealed record Places(IDisposable Server, IDisposable Shared) : IDisposable
    {
        public void Dispose()
        {
            Shared.Dispose();
            Server.Dispose();
        }
    }
}
