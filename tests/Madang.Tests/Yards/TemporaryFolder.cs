namespace Madang.Tests.Yards;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal TemporaryFolder() => Directory.CreateDirectory(Path);

    internal string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"madang-test-{Guid.NewGuid():N}");

    /// <summary>The setting that makes a server keep its data here.</summary>
    internal string Setting => $"--Data:Directory={Path}";

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
