namespace Madang.Foundation.Files;

/// <summary>
/// Where files stay whose rows are written: below the data directory, or in a bucket when <c>Files:S3:Bucket</c> is set. On their way they
/// are with <see cref="FileStore"/> in either case. A bucket holds a file before its row shows it, so that no row shows a file that only one
/// machine has. A room therefore writes the row first as one of a file that is to be removed: whatever happens then, the housework knows of
/// the file, on whichever machine it runs.
/// </summary>
public sealed class KeptFiles
{
    private readonly FileStore files;
    private readonly S3Files? bucket;

    internal KeptFiles(FileStore files, S3Files? bucket) => (this.files, this.bucket) = (files, bucket);

    /// <summary>Brings a file that is durable on its way to where it is kept; its row is not written yet.</summary>
    /// <exception cref="FilesUnavailableException">The bucket does not take it.</exception>
    public async Task Bring(string room, string name, string mediaType, CancellationToken stop)
    {
        if (bucket is not null)
        {
            await using var file = files.OpenArriving(room, name);
            await bucket.Put(room, name, file, mediaType, stop);
        }
    }

    /// <summary>Finishes a file whose row is written. It may be called again.</summary>
    public void Place(string room, string name)
    {
        if (bucket is null)
        {
            files.Place(room, name);
        }
        else
        {
            files.Discard(room, name);
        }
    }

    /// <returns>The file for reading, or null when there is none. The caller knows its row.</returns>
    /// <exception cref="FilesUnavailableException">The bucket does not answer, or did not a moment ago.</exception>
    public async Task<KeptFile?> Open(string room, string name, CancellationToken stop) =>
        bucket is not null ? await bucket.Get(room, name, stop)
        : files.Open(room, name) is { } file ? new(file, file.Length)
        : null;

    /// <summary>Removes a file for good, on its way too; does nothing when there is none.</summary>
    /// <exception cref="FilesUnavailableException">The bucket does not answer: the file is still there, wherever it was.</exception>
    public async Task Remove(string room, string name, CancellationToken stop)
    {
        if (bucket is not null)
        {
            await bucket.Remove(room, name, stop);
        }
        files.Remove(room, name);
    }
}

/// <summary>A file that is kept, open for reading.</summary>
/// <param name="Body">Its bytes, to be disposed by whoever opened it.</param>
/// <param name="Bytes">How many they are.</param>
public sealed record KeptFile(Stream Body, long Bytes);

/// <summary>The store of files does not answer, or refuses: the client is told to try again (503).</summary>
public sealed class FilesUnavailableException(string message, Exception? cause) : Exception(message, cause);
