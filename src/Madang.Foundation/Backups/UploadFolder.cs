namespace Madang.Foundation.Backups;

/// <summary>
/// The uploaded files below the data directory. A file never changes once a row speaks of it; what nobody has looked at yet has a
/// name that says so: a dot before it, or <c>.part</c> or <c>.tmp</c> behind it.
/// </summary>
internal sealed class UploadFolder(string root)
{
    internal const string Name = "uploads";

    internal bool HasFiles => Paths().Any();

    /// <returns>The finished files' paths below the folder, with <c>/</c> between their parts, in a fixed order.</returns>
    internal IEnumerable<string> Paths() =>
        Directory.Exists(root)
            ? Directory
                .EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(path => !IsUnfinished(path))
                .Order(StringComparer.Ordinal)
            : [];

    /// <exception cref="InvalidDataException">The path leads out of the folder.</exception>
    internal string FileOf(string path) =>
        path.Length > 0
        && !path.Contains('\\', StringComparison.Ordinal)
        && !path.Contains('\0', StringComparison.Ordinal)
        && path.Split('/').All(part => part is not ("" or "." or ".."))
            ? Path.Combine(root, Path.Combine(path.Split('/')))
            : throw new InvalidDataException($"'{path}' is no path of an upload.");

    internal static string UnfinishedNameOf(string file) => $"{file}.tmp";

    internal void Remove(string path)
    {
        File.Delete(FileOf(path));
        for (
            var folder = Path.GetDirectoryName(FileOf(path))!;
            folder.Length > root.Length && !Directory.EnumerateFileSystemEntries(folder).Any();
            folder = Path.GetDirectoryName(folder)!
        )
        {
            Directory.Delete(folder);
        }
    }

    private static bool IsUnfinished(string path) =>
        path.EndsWith(".tmp", StringComparison.Ordinal)
        || path.EndsWith(".part", StringComparison.Ordinal)
        || path.Split('/').Any(part => part.StartsWith('.'));
}
