using System.Buffers.Binary;

namespace Madang.Foundation.Files;

/// <summary>Reads the structure of a picture from its beginning, a piece at a time.</summary>
/// <exception cref="EndOfStreamException">By every read: the picture breaks off.</exception>
internal sealed class PictureReader(Stream stream)
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private long pixelsOfFrames;

    /// <summary>Whether <see cref="Size"/> or <see cref="Frame"/> refused it.</summary>
    internal bool HasTooManyPixels { get; private set; }

    /// <returns>The next bytes without taking them; fewer at the end.</returns>
    internal ReadOnlySpan<byte> Peek(int count)
    {
        while (end - start < count && Fill()) { }
        return buffer.AsSpan(start, Math.Min(count, end - start));
    }

    internal byte Byte()
    {
        if (start == end && !Fill())
        {
            throw new EndOfStreamException();
        }
        return buffer[start++];
    }

    internal void Exactly(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = Piece(bytes.Length);
            piece.CopyTo(bytes);
            bytes = bytes[piece.Length..];
        }
    }

    internal byte[] Exactly(int count)
    {
        var bytes = new byte[count];
        Exactly(bytes);
        return bytes;
    }

    /// <returns>The next bytes, at least one and as many as are at hand, taken.</returns>
    internal ReadOnlySpan<byte> Piece(long most)
    {
        if (start == end && !Fill())
        {
            throw new EndOfStreamException();
        }
        var count = (int)Math.Min(most, end - start);
        start += count;
        return buffer.AsSpan(start - count, count);
    }

    /// <summary>Takes bytes and writes them on; without a goal they are thrown away.</summary>
    internal void Copy(long count, Stream? to)
    {
        while (count > 0)
        {
            var piece = Piece(count);
            to?.Write(piece);
            count -= piece.Length;
        }
    }

    internal int BigEndian16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Exactly(bytes);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    /// <summary>Holds the picture's size to the limit, before anything is made of it.</summary>
    /// <exception cref="InvalidDataException">It has no pixels, or too many.</exception>
    internal void Size(long width, long height)
    {
        HasTooManyPixels = width > 0 && height > 0 && width * height > PictureFile.MostPixels;
        Require(!HasTooManyPixels && width > 0 && height > 0);
    }

    /// <summary>Counts a frame of a moving picture.</summary>
    /// <exception cref="InvalidDataException">All together they have too many pixels.</exception>
    internal void Frame(long width, long height)
    {
        Size(width, height);
        pixelsOfFrames += width * height;
        HasTooManyPixels = pixelsOfFrames > PictureFile.MostPixelsOfFrames;
        Require(!HasTooManyPixels);
    }

    /// <exception cref="InvalidDataException">It is not so: the picture is broken.</exception>
    internal static void Require(bool isSo)
    {
        if (!isSo)
        {
            throw new InvalidDataException("The picture is broken.");
        }
    }

    private bool Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        return read > 0;
    }
}
