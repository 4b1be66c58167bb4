using System.Security.Cryptography;

namespace Madang.Foundation.Files;

/// <summary>
/// Files that users bring, under <c>uploads/</c> of the data directory: each at <c>{room}/{ab}/{name}</c>, those on their way in
/// <c>new/</c>. A room keeps a row for each file, and the row decides: a file is made durable in <c>new/</c>, then its row is written,
/// then it is placed; whatever a crash leaves between is finished or thrown away by <see cref="Left"/>. A file is removed no sooner
/// than <see cref="Grace"/> after its row went, so that a backup that copies the database first and the files after it is whole.
/// </summary>
/// <param name="directory">The folder; made when the first file comes.</param>
/// <param name="clock">The clock that ages are told by.</param>
public sealed class FileStore(string directory, TimeProvider clock)
{
    /// <summary>How long a file outlives its row, and how long one may be on its way.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private const string Letters = "abcdefghijklmnopqrstuvwxyz234567";
    private const string ScratchEnding = ".part";

    /// <summary>
    /// The same for what only passes through, such as a file that a job reads and throws away: it is in no backup, since one leaves out
    /// what has a dot before its name.
    /// </summary>
    public FileStore Passing => new(Path.Combine(directory, ".passing"), clock);

    private string Arrivals => Path.Combine(directory, "new");

    /// <returns>A name that nobody can guess: 26 letters and digits, 130 random bits.</returns>
    public static string NewName() => RandomNumberGenerator.GetString(Letters, 26);

    /// <returns>A file for what is not checked yet; it is gone once it is closed.</returns>
    public FileStream Scratch()
    {
        MakePrivate(Arrivals);
        return new FileStream(
            Path.Combine(Arrivals, NewName() + ScratchEnding),
            Options(FileMode.CreateNew, FileAccess.ReadWrite, FileOptions.DeleteOnClose | FileOptions.Asynchronous)
        );
    }

    /// <returns>A new file on its way; <see cref="Settle"/> makes it durable, <see cref="Discard"/> takes it back.</returns>
    public FileStream Begin(string room, string name)
    {
        MakePrivate(Arrivals);
        return new FileStream(Arriving(room, name), Options(FileMode.CreateNew, FileAccess.ReadWrite));
    }

    /// <summary>Makes a file that is on its way durable: its bytes, and its name in the folder.</summary>
    public void Settle(FileStream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        file.Flush(flushToDisk: true);
        FolderFlush.Run(Arrivals);
    }

    /// <summary>Takes a file back that is on its way; does nothing when there is none.</summary>
    public void Discard(string room, string name) => Delete(Arriving(room, name));

    /// <summary>Puts a file whose row is written where it stays. It may be called again, by several processes too.</summary>
    public void Place(string room, string name)
    {
        var place = Kept(room, name);
        MakePrivate(Path.GetDirectoryName(place)!);
        try
        {
            File.Move(Arriving(room, name), place, overwrite: true);
        }
        catch (FileNotFoundException) when (File.Exists(place))
        {
            // Another process was quicker.
        }
    }

    /// <returns>The file for reading, or null when there is none. The caller knows its row.</returns>
    public FileStream? Open(string room, string name)
    {
        var place = Kept(room, name);
        if (!File.Exists(place) && File.Exists(Arriving(room, name)))
        {
            // The process that wrote its row ended before it could place it.
            Place(room, name);
        }
        try
        {
            return new FileStream(place, Options(FileMode.Open, FileAccess.Read, FileOptions.Asynchronous));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <returns>A file that is on its way, for reading by whoever brings it.</returns>
    public FileStream OpenArriving(string room, string name) =>
        new(Arriving(room, name), Options(FileMode.Open, FileAccess.Read, FileOptions.Asynchronous));

    /// <summary>Removes a file for good; does nothing when there is none.</summary>
    public void Remove(string room, string name)
    {
        Delete(Kept(room, name));
        Discard(room, name);
    }

    /// <returns>The names of a room's files that have been on their way for longer than <see cref="Grace"/>.</returns>
    public IReadOnlyList<string> Left(string room)
    {
        var prefix = $"{Checked(room)}.";
        return
        [
            .. Old()
                .Select(file => Path.GetFileName(file))
                .Where(name =>
                    name.StartsWith(prefix, StringComparison.Ordinal)
                    && !name.EndsWith(ScratchEnding, StringComparison.Ordinal)
                )
                .Select(name => name[prefix.Length..]),
        ];
    }

    /// <returns>The names of a room's files that have stood in their places for longer than <see cref="Grace"/>.</returns>
    public IReadOnlyList<string> Old(string room)
    {
        var folder = Path.Combine(directory, Checked(room));
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateDirectories(folder)
                    .SelectMany(Directory.EnumerateFiles)
                    .Where(IsOld)
                    .Select(file => Path.GetFileName(file))
                    .Where(IsName),
            ]
            : [];
    }

    /// <summary>Removes what a killed process left unchecked.</summary>
    internal void RemoveScratch()
    {
        foreach (var file in Old().Where(file => file.EndsWith(ScratchEnding, StringComparison.Ordinal)))
        {
            Delete(file);
        }
    }

    /// <returns>Whether a file could not be written since the disk is full.</returns>
    public static bool IsDiskFull(Exception error) =>
        // ENOSPC and EDQUOT on Linux, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
        error is IOException
        && (error.HResult & 0xFFFF) is 28 or 122 or 112 or 39;

    private List<string> Old() =>
        Directory.Exists(Arrivals) ? [.. Directory.EnumerateFiles(Arrivals).Where(IsOld)] : [];

    private bool IsOld(string file) => File.GetLastWriteTimeUtc(file) < clock.GetUtcNow().UtcDateTime - Grace;

    private string Arriving(string room, string name) => Path.Combine(Arrivals, $"{Checked(room)}.{Checked(name)}");

    private string Kept(string room, string name) => Path.Combine(directory, Checked(room), Checked(name)[..2], name);

    /// <summary>A name comes from our own rows; that it leads nowhere else is still looked at, here, once.</summary>
    private static string Checked(string name) =>
        IsName(name) ? name : throw new ArgumentException($"'{name}' is no name of a file.", nameof(name));

    private static bool IsName(string name) =>
        name.Length >= 2
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // No file either.
        }
    }

    private static FileStreamOptions Options(FileMode mode, FileAccess access, FileOptions options = FileOptions.None)
    {
        var all = new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Options = options,
            Share = FileShare.Read | FileShare.Delete,
        };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
        {
            all.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return all;
    }

    private static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
