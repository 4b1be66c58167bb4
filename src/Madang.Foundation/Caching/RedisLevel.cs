using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;

namespace Madang.Foundation.Caching;

/// <summary>
/// The second level: answers in Redis, for all processes. Nothing there is believed: each value carries what it was computed under and a
/// checksum, and is thrown away when either is another.
/// </summary>
internal sealed class RedisLevel(RedisConnection connection)
{
    private const string Channel = "madang:changed";
    private const int StampLength = 16;
    private const int ChecksumLength = 16;
    private const int HeaderLength = 4 + StampLength + ChecksumLength + sizeof(int);

    /// <summary>A longer answer is sooner computed than carried.</summary>
    private const int Largest = 4 * 1024 * 1024;

    /// <summary>Ours, and the form of what follows it.</summary>
    private static ReadOnlySpan<byte> Magic => "MDC\u0001"u8;

    /// <summary>Tells this process's messages from others'.</summary>
    private readonly byte[] self = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"));

    internal RedisConnection Connection => connection;

    /// <summary>Tells these versions that there is something new when another process says so.</summary>
    internal void HearOfChanges(TagVersions versions) =>
        connection.Listen(
            Channel,
            // What a message says is not believed either: it only has the versions looked at sooner.
            message =>
            {
                if (message.AsSpan().StartsWith(Name(versions.Yard.Version)) && !message.AsSpan().EndsWith(self))
                {
                    versions.Told();
                }
            }
        );

    internal void TellOfChange(long yard) =>
        connection.Tell("PUBLISH"u8.ToArray(), Encoding.ASCII.GetBytes(Channel), (byte[])[.. Name(yard), .. self]);

    /// <returns>The body that was computed under just this stamp, or null.</returns>
    internal async ValueTask<byte[]?> Find(string key, Stamp stamp)
    {
        var reply = await connection.Ask("GET"u8.ToArray(), Place(Yard(stamp), key));
        return reply is { Kind: RespKind.Bytes } ? Unwrap(reply.Bytes, Of(key, stamp)) : null;
    }

    internal void Keep(string key, Stamp stamp, byte[] body, TimeSpan lifetime)
    {
        var milliseconds = (long)lifetime.TotalMilliseconds;
        if (body.Length <= Largest && milliseconds > 0)
        {
            connection.Tell(
                "SET"u8.ToArray(),
                Place(Yard(stamp), key),
                Wrap(body, Of(key, stamp)),
                "PX"u8.ToArray(),
                Encoding.ASCII.GetBytes(milliseconds.ToString(CultureInfo.InvariantCulture))
            );
        }
    }

    internal void Remove(long yard, string key) => connection.Tell("DEL"u8.ToArray(), Place(yard, key));

    /// <summary>The value that stands in Redis: magic, what it was computed under, checksum, length, body.</summary>
    internal static byte[] Wrap(ReadOnlySpan<byte> body, ReadOnlySpan<byte> stamp)
    {
        var value = new byte[HeaderLength + body.Length];
        Magic.CopyTo(value);
        stamp.CopyTo(value.AsSpan(4));
        Checksum(body, stamp).CopyTo(value.AsSpan(4 + StampLength));
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(HeaderLength - sizeof(int)), body.Length);
        body.CopyTo(value.AsSpan(HeaderLength));
        return value;
    }

    /// <returns>The body; null when the value is older, another's, cut off or damaged.</returns>
    internal static byte[]? Unwrap(ReadOnlySpan<byte> value, ReadOnlySpan<byte> stamp)
    {
        if (
            value.Length < HeaderLength
            || !value.StartsWith(Magic)
            || !value.Slice(4, StampLength).SequenceEqual(stamp)
            || BinaryPrimitives.ReadInt32LittleEndian(value[(HeaderLength - sizeof(int))..])
                != value.Length - HeaderLength
        )
        {
            return null;
        }
        var body = value[HeaderLength..];
        return value.Slice(4 + StampLength, ChecksumLength).SequenceEqual(Checksum(body, stamp))
            ? body.ToArray()
            : null;
    }

    /// <summary>Hashed, since keys hold what people looked for; one key of ours has one value, whatever its versions.</summary>
    private static byte[] Place(long yard, string key) =>
        Encoding.ASCII.GetBytes(
            $"madang:{yard:x}:{System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 18))}"
        );

    private static byte[] Name(long yard) => Encoding.ASCII.GetBytes($"{yard:x} ");

    private static long Yard(Stamp stamp) => stamp.Versions.First().Version;

    /// <returns>A hash of the key and of all tags with their versions, the yard's number among them.</returns>
    private static byte[] Of(string key, Stamp stamp)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(key);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var (tag, version) in stamp.Versions)
        {
            Add(tag);
            BinaryPrimitives.WriteInt64LittleEndian(number, version);
            hash.AppendData(number);
        }
        return hash.GetHashAndReset()[..StampLength];

        void Add(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }

    private static byte[] Checksum(ReadOnlySpan<byte> body, ReadOnlySpan<byte> stamp)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(stamp);
        hash.AppendData(body);
        return hash.GetHashAndReset()[..ChecksumLength];
    }
}

/// <summary>Takes up the connection when the server starts, without waiting for it; it ends with the server's other parts.</summary>
internal sealed class RedisWorker(TwoLevelCache cache) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cache.TakeUpRedis();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
