using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Madang.Foundation.Caching;

/// <summary>How a connection to Redis begins: encryption where it is asked for, then RESP3, who we are, and which database.</summary>
internal static class RedisGreeting
{
    /// <summary>How long all of it may take.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <exception cref="Exception">Whatever keeps us from it: there are many kinds.</exception>
    internal static async Task<RedisSession> Open(
        RedisSettings settings,
        Action<RespReply> pushed,
        CancellationToken stop
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        var session = new RedisSession(await Connect(settings, limit.Token), pushed);
        try
        {
            await Greet(session, settings);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static async Task<Stream> Connect(RedisSettings settings, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(settings.Host, settings.Port, stop);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (settings.IsEncrypted)
            {
                var encrypted = new SslStream(stream);
                stream = encrypted;
                await encrypted.AuthenticateAsClientAsync(Encryption(settings), stop);
            }
            return stream;
        }
        catch
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Encryption(RedisSettings settings)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = settings.CertificateName ?? settings.Host };
        if (settings.AuthoritiesFile is { } file)
        {
            var chain = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            chain.CustomTrustStore.ImportFromPemFile(file);
            options.CertificateChainPolicy = chain;
        }
        return options;
    }

    private static async Task Greet(RedisSession session, RedisSettings settings)
    {
        ReadOnlyMemory<byte>[] hello = ["HELLO"u8.ToArray(), "3"u8.ToArray()];
        if (settings.Password is { } password)
        {
            hello = [.. hello, "AUTH"u8.ToArray(), Bytes(settings.User ?? "default"), Bytes(password)];
        }
        Accepted(await session.Ask(Limit, hello));
        if (settings.Database > 0)
        {
            var number = Bytes(settings.Database.ToString(CultureInfo.InvariantCulture));
            Accepted(await session.Ask(Limit, "SELECT"u8.ToArray(), number));
        }
    }

    /// <exception cref="IOException">Redis refuses, or does not answer.</exception>
    internal static void Accepted(RespReply? reply)
    {
        if (reply is null)
        {
            throw new IOException("Redis does not answer.");
        }
        if (reply.IsError)
        {
            throw new IOException($"Redis refuses us: {reply.Text}");
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
