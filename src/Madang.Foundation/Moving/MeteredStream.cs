namespace Madang.Foundation.Moving;

/// <summary>
/// A stream that is counted while it is read, or unpacked: what a file says of its own sizes is not believed. Whatever reads it ends soon
/// after it is told to, though it may find nothing to give for hours.
/// </summary>
/// <param name="from">What is read; disposed with this.</param>
/// <param name="left">How much of it.</param>
/// <param name="stop">Ends each reading.</param>
public sealed class MeteredStream(Stream from, Budget left, CancellationToken stop = default) : Stream
{
    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => from.CanSeek;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => from.Length;

    /// <inheritdoc />
    public override long Position
    {
        get => from.Position;
        set => from.Position = value;
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    /// <exception cref="BrokenImportException">It is more than may be read.</exception>
    public override int Read(Span<byte> buffer)
    {
        stop.ThrowIfCancellationRequested();
        // Once nothing is left, nothing more is even begun.
        left.Spend(0);
        var read = from.Read(buffer);
        left.Spend(read);
        return read;
    }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => from.Seek(offset, origin);

    /// <inheritdoc />
    public override void Flush() { }

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            from.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>How much may still be read.</summary>
/// <param name="bytes">That much.</param>
public sealed class Budget(long bytes)
{
    private long left = bytes;

    /// <exception cref="BrokenImportException">Nothing is left.</exception>
    internal void Spend(int bytes)
    {
        left -= bytes;
        if (left < 0)
        {
            throw new BrokenImportException("too_large");
        }
    }
}
