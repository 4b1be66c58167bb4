using Madang.Foundation.Data;
using Madang.Foundation.Files;

namespace Madang.Memos.Pictures;

/// <summary>A picture that is checked and durable, and waits for its row. Disposed without being placed it is thrown away.</summary>
/// <param name="files">Where it is.</param>
/// <param name="name">The name of its file.</param>
/// <param name="facts">What it is.</param>
/// <param name="bytes">Bytes of the file.</param>
internal sealed class ArrivedPicture(FileStore files, string name, PictureFacts facts, long bytes) : IDisposable
{
    private bool isSettled;

    internal string Id { get; } = $"{name}-{facts.Width}x{facts.Height}";

    internal PictureFacts Facts => facts;

    internal long Bytes => bytes;

    /// <summary>The name of a picture's file: the part of its id that nobody can guess.</summary>
    internal static string NameOf(string id) => id[..id.IndexOf('-', StringComparison.Ordinal)];

    /// <summary>Puts the file where it stays; its row is written.</summary>
    internal void Place()
    {
        isSettled = true;
        files.Place(PictureStore.Room, name);
    }

    /// <summary>Waits until its row is written. When nobody knows whether it is, the file is left.</summary>
    internal async Task<T> Until<T>(Task<T> written)
    {
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
    internal void Leave() => isSettled = true;

    /// <returns>The file, for reading.</returns>
    internal FileStream Open() => files.OpenArriving(PictureStore.Room, name);

    public void Dispose()
    {
        if (!isSettled)
        {
            files.Discard(PictureStore.Room, name);
        }
    }
}
