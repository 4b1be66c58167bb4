using System.IO.Compression;

namespace Madang.Foundation.Http;

/// <summary>
/// A zip that is sent while it is made, so that its size takes no memory: what stays is each entry's line in the directory at its end.
/// The framework's archive writes some of it synchronously, which the server's stream forbids: that little is held until the entry's end.
/// </summary>
#pragma warning disable CA1001 // What it holds is memory; disposing of the archive would write a directory that says the file is whole.
public sealed class StreamedZip
#pragma warning restore CA1001
{
    // Zip keeps times without a zone, from 1980 (APPNOTE 4.4.6): we write UTC.
    private static readonly DateTimeOffset Oldest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Held held;
    private readonly ZipArchive zip;

    /// <param name="to">Where it goes.</param>
    public StreamedZip(Stream to)
    {
        held = new Held(to);
        zip = new ZipArchive(held, ZipArchiveMode.Create, leaveOpen: true);
    }

    /// <summary>Adds a file.</summary>
    /// <param name="name">Its path in the zip, with <c>/</c> between folders.</param>
    /// <param name="at">When it was last changed, or null.</param>
    /// <param name="write">Writes its bytes.</param>
    /// <param name="stop">Ends it; the zip is then broken.</param>
    public async Task Add(
        string name,
        DateTimeOffset? at,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken stop
    )
    {
        var entry = zip.CreateEntry(name);
        if (at > Oldest)
        {
            entry.LastWriteTime = at.Value.ToUniversalTime();
        }
        await using (var content = await entry.OpenAsync(stop))
        {
            await write(content, stop);
        }
        await held.FlushAsync(stop);
    }

    /// <summary>Writes the directory. Without it the file is broken, which tells its reader that something failed.</summary>
    public async Task Finish(CancellationToken stop)
    {
        await zip.DisposeAsync();
        await held.FlushAsync(stop);
    }

    /// <summary>Holds what is written synchronously until it can be sent.</summary>
    private sealed class Held(Stream to) : Stream
    {
        private const int Enough = 64 * 1024;

        private readonly MemoryStream waiting = new();
        private long sent;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => sent + waiting.Length;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => waiting.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => waiting.Write(buffer);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            waiting.Write(buffer.Span);
            if (waiting.Length > Enough)
            {
                await FlushAsync(cancellationToken);
            }
        }

        public override void Flush()
        {
            // What is written synchronously waits for the next asynchronous write.
        }

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            await to.WriteAsync(waiting.GetBuffer().AsMemory(0, (int)waiting.Length), cancellationToken);
            sent += waiting.Length;
            waiting.SetLength(0);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
