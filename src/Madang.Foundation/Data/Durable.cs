using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Madang.Foundation.Data;

/// <summary>Files that outlast a power cut, and that nobody else on this machine may read.</summary>
internal static partial class Durable
{
    /// <summary>Makes a new file for this user alone.</summary>
    /// <exception cref="IOException">It is there already, or cannot be made.</exception>
    internal static FileStream NewPrivate(string file)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = 128 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return new FileStream(file, options);
    }

    /// <summary>Gives a finished file its name: after this, either name leads to a whole file, whatever happens.</summary>
    internal static void Place(string unfinished, string file, bool mayOverwrite)
    {
        File.Move(unfinished, file, mayOverwrite);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
    }

    internal static void Flush(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>The names in a folder are on disk only once the folder is (fsync(2)); Windows has no such call and needs none.</summary>
    internal static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        using var handle = OpenReadOnly(folder, 0);
        if (!handle.IsInvalid)
        {
            RandomAccess.FlushToDisk(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle OpenReadOnly(string path, int flags);
}
