namespace Madang.Foundation.Files;

/// <summary>Reads what comes over a network, and waits for no piece of it longer than a time limit.</summary>
/// <param name="stream">What is read; disposed with this.</param>
/// <param name="limit">For each piece.</param>
/// <param name="failed">Makes of a failure, or of the limit, what is thrown.</param>
internal sealed class TimedStream(Stream stream, TimeSpan limit, Func<Exception, Exception> failed) : Stream
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

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(limit);
        try
        {
            return await stream.ReadAsync(buffer, stop.Token);
        }
        catch (Exception error)
            when (error is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw failed(error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>A limit needs somebody who awaits.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }
        base.Dispose(disposing);
    }
}
