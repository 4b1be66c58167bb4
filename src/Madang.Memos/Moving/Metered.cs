namespace Madang.Memos.Moving;

/// <summary>A stream that is unpacked while it is read, and counted: what a file says of its own sizes is not believed.</summary>
internal sealed class Metered(Stream from, Budget left) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        // Once nothing is left, nothing more is even begun.
        left.Spend(0);
        var read = from.Read(buffer);
        left.Spend(read);
        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            from.Dispose();
        }
        base.Dispose(disposing);
    }
}
