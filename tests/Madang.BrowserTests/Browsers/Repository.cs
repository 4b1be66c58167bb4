namespace Madang.BrowserTests.Browsers;

/// <summary>The sources that the tests were built from, for what must hold of them as they are written.</summary>
internal static class Repository
{
    internal static string Root { get; } = Find(AppContext.BaseDirectory);

    internal static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <returns>The sources under <paramref name="folder"/> with this ending, without what the build made.</returns>
    internal static IEnumerable<string> Files(string folder, string ending) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), $"*{ending}", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Madang.slnx")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
