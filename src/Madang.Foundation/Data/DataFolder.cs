using Madang.Foundation.Modules;

namespace Madang.Foundation.Data;

/// <summary>
/// A place in the data folder, held by every process that works on its database. A restore needs the folder for itself: a server that
/// had the old file open would go on writing into nothing.
/// </summary>
internal static class DataFolder
{
    private const string LockName = "madang.lock";

    /// <summary>Takes a place beside others.</summary>
    /// <exception cref="StartupException">Somebody has the folder to himself.</exception>
    internal static IDisposable Share(string folder) =>
        Take(folder, FileShare.Read, $"A restore is under way in {folder}: wait until it is done.");

    /// <summary>Takes the folder for this process alone.</summary>
    /// <exception cref="StartupException">Somebody works on it.</exception>
    internal static IDisposable Own(string folder) =>
        Take(folder, FileShare.None, $"Another process of Madang works on {folder}: stop the server first.");

    private static FileStream Take(string folder, FileShare share, string refusal)
    {
        var file = Path.Combine(folder, LockName);
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
}
