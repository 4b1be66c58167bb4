using Madang.Foundation.Data;

namespace Madang.Foundation.Files;

/// <summary>A picture that is checked and durable, and waits for its row. Disposed without being placed it is thrown away.</summary>
public sealed class ArrivedPicture : IDisposable
{
    private readonly FileStore files;
    private readonly string room;
    private bool isSettled;

    private ArrivedPicture(FileStore files, string room, string name, PictureFacts facts, long bytes) =>
        (this.files, this.room, Name, Facts, Bytes) = (files, room, name, facts, bytes);

    /// <summary>The name of its file, which nobody can guess.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public PictureFacts Facts { get; }

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; }

    /// <summary>Takes a picture in: checked, without what doesn't belong to it, and durable, but without a row yet.</summary>
    /// <param name="files">Where it goes.</param>
    /// <param name="room">Whose it is.</param>
    /// <param name="body">The picture as it came.</param>
    /// <param name="most">Bytes that it may have; more of it is not read.</param>
    /// <param name="stop">Ends it while the body is read.</param>
    /// <returns>The picture, or why it isn't taken.</returns>
    public static async Task<(ArrivedPicture? Arrived, PictureFault Fault)> Receive(
        FileStore files,
        string room,
        Stream body,
        long most,
        CancellationToken stop
    )
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(body);
        await using var scratch = files.Scratch();
        if (!await CopyUpTo(most, body, scratch, stop))
        {
            return (null, PictureFault.TooLarge);
        }
        scratch.Position = 0;
        var name = FileStore.NewName();
        PictureFacts? facts;
        PictureFault fault;
        long bytes;
        var isKept = false;
        try
        {
            using (var file = files.Begin(room, name))
            {
                (facts, fault) = PictureFile.Clean(scratch, file);
                bytes = file.Length;
                if (facts is not null)
                {
                    files.Settle(file);
                    isKept = true;
                }
            }
        }
        finally
        {
            if (!isKept)
            {
                files.Discard(room, name);
            }
        }
        return (facts is null ? null : new ArrivedPicture(files, room, name, facts, bytes), fault);
    }

    /// <summary>Puts the file where it stays; its row is written.</summary>
    public void Place()
    {
        isSettled = true;
        files.Place(room, Name);
    }

    /// <summary>Waits until its row is written. When nobody knows whether it is, the file is left.</summary>
    public async Task<T> Until<T>(Task<T> written)
    {
        ArgumentNullException.ThrowIfNull(written);
        try
        {
            return await written;
        }
        catch (DatabaseUnavailableException error) when (!error.IsDiskFull)
        {
            Leave();
            throw;
        }
    }

    /// <summary>Leaves the file on its way: whoever reads the picture, or tidies up, finishes it if its row is there, or throws it away.</summary>
    public void Leave() => isSettled = true;

    /// <returns>The file, for reading.</returns>
    public FileStream Open() => files.OpenArriving(room, Name);

    /// <inheritdoc />
    public void Dispose()
    {
        if (!isSettled)
        {
            files.Discard(room, Name);
        }
    }

    private static async Task<bool> CopyUpTo(long most, Stream body, Stream to, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, stop)) > 0; )
        {
            if (to.Length + read > most)
            {
                return false;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), stop);
        }
        await to.FlushAsync(stop);
        return true;
    }
}
