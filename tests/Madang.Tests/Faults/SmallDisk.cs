using System.Globalization;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>A disk of a few megabytes (tmpfs), which only root can mount; without it the test is skipped.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk() => Directory.CreateDirectory(Path);

    internal string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"madang-disk-{Guid.NewGuid():N}");

    private string Filler => System.IO.Path.Combine(Path, "filler");

    internal static async Task<SmallDisk> Mount(int megabytes)
    {
        var disk = new SmallDisk();
        var size = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");
        if (await Commands.TryRun("mount", "-t", "tmpfs", "-o", size, "tmpfs", disk.Path) != 0)
        {
            Directory.Delete(disk.Path);
            Assert.Skip("A small disk can't be mounted here: it takes root, and a container may not allow it.");
        }
        return disk;
    }

    /// <summary>Puts something else on it until there is no room.</summary>
    internal async Task Fill()
    {
        await using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                await filler.WriteAsync(page);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Takes that away again.</summary>
    internal void MakeRoom() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await Commands.Run("umount", Path);
        Directory.Delete(Path);
    }
}
