namespace Madang.Foundation.Files;

/// <summary>
/// Pictures are told by their content, never by their name or by what a client says of them, and kept as they are: nothing is decoded
/// or compressed anew. What is no part of the picture goes: where and with what it was taken, texts, thumbnails, whatever follows its
/// end. Colour profiles stay, and of EXIF the one number that tells which way up it is.
/// </summary>
public static class PictureFile
{
    /// <summary>Bytes of the largest picture, 10 MiB.</summary>
    public const long MostBytes = 10 * 1024 * 1024;

    /// <summary>Pixels of the largest picture, by its header.</summary>
    public const long MostPixels = 50_000_000;

    /// <summary>Pixels of all frames of a moving picture together.</summary>
    internal const long MostPixelsOfFrames = 20 * MostPixels;

    /// <summary>Reads a picture and writes it without what doesn't belong to it.</summary>
    /// <param name="from">The picture as it came, from its beginning.</param>
    /// <param name="to">An empty stream that can seek. What stands in it after a fault is to be thrown away.</param>
    /// <returns>What it is, or why it isn't taken.</returns>
    public static (PictureFacts? Facts, PictureFault Fault) Clean(Stream from, Stream to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var reader = new PictureReader(from);
        try
        {
            var start = reader.Peek(12);
            return start switch
            {
                _ when start.StartsWith(Png.Signature) => (Png.Clean(reader, to), PictureFault.None),
                [0xFF, 0xD8, 0xFF, ..] => (Jpeg.Clean(reader, to), PictureFault.None),
                [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => (
                    Gif.Clean(reader, to),
                    PictureFault.None
                ),
                _ when start.Length == 12 && start.StartsWith("RIFF"u8) && start[8..].SequenceEqual("WEBP"u8) => (
                    Webp.Clean(reader, to),
                    PictureFault.None
                ),
                _ => (null, PictureFault.NotAPicture),
            };
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            return (null, reader.HasTooManyPixels ? PictureFault.TooManyPixels : PictureFault.Broken);
        }
    }
}

/// <summary>What a picture is.</summary>
/// <param name="MediaType">Such as <c>image/png</c>.</param>
/// <param name="Extension">Such as <c>png</c>.</param>
/// <param name="Width">Pixels across, as it is shown.</param>
/// <param name="Height">Pixels down, as it is shown.</param>
public sealed record PictureFacts(string MediaType, string Extension, int Width, int Height)
{
    /// <returns>The same, turned as its orientation says (EXIF 2.32, tag 0x0112): from 5 on width and height change places.</returns>
    internal PictureFacts Turned(int orientation) =>
        orientation >= 5 ? this with { Width = Height, Height = Width } : this;
}

/// <summary>Why a picture isn't taken.</summary>
public enum PictureFault
{
    /// <summary>It is.</summary>
    None,

    /// <summary>Its content is none of PNG, JPEG, WebP and GIF.</summary>
    NotAPicture,

    /// <summary>It begins as one of them, but isn't one, or breaks off.</summary>
    Broken,

    /// <summary>More pixels than <see cref="PictureFile.MostPixels"/>.</summary>
    TooManyPixels,

    /// <summary>More bytes than its room takes.</summary>
    TooLarge,
}
