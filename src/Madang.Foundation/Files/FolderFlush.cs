using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Madang.Foundation.Files;

/// <summary>
/// Makes the names in a folder durable: a file's own flush says nothing about its name (POSIX, <c>fsync</c>), and the framework can't
/// open a folder. Windows keeps names in its journal and needs nothing.
/// </summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;

    internal static void Run(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            throw new IOException($"{folder} cannot be opened.", new Win32Exception());
        }
        try
        {
            if (Flush(handle) != 0)
            {
                throw new IOException($"{folder} cannot be made durable.", new Win32Exception());
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
