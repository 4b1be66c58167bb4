using System.Net;
using System.Net.Sockets;
using System.Text;
using Madang.Foundation.Caching;
using Madang.Foundation.Modules;
using Madang.Tests.Yards;
using Microsoft.Extensions.Logging.Abstractions;

namespace Madang.Tests.Caching;

/// <summary>Our client of Redis, against a real one: its commands, its ways in, and what it does when the other side is no Redis.</summary>
public sealed class TalkingToRedis
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_commands_are_answered_in_their_order_and_messages_come_between_them()
    {
        await using var server = await RedisServer.Start();
        var heard = new TaskCompletionSource<string>();
        await using var connection = Connection(server.Setting);
        connection.Listen("channel", message => heard.TrySetResult(Encoding.UTF8.GetString(message)));
        connection.Start();
        await Probe.Until(() => connection.IsUp);

        Assert.Equal("OK", (await Ask(connection, "SET", "a", "마당", "PX", "60000")).Text);
        Assert.Equal("마당", (await Ask(connection, "GET", "a")).Text);
        Assert.InRange((await Ask(connection, "PTTL", "a")).Number, 1, 60_000);
        Assert.Equal(1, (await Ask(connection, "DEL", "a")).Number);
        Assert.Equal(RespKind.Null, (await Ask(connection, "GET", "a")).Kind);
        Assert.Equal(1, (await Ask(connection, "PUBLISH", "channel", "들려요?")).Number);
        Assert.Equal("들려요?", await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        Assert.Equal(7, (await Ask(connection, "EVAL", "return tonumber(ARGV[1]) + 3", "0", "4")).Number);
        Assert.True((await Ask(connection, "LPUSH", "a")).IsError);

        // Pipelined: all are on their way before the first is answered.
        var counts = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Ask(connection, "INCR", "n")));
        Assert.Equal(Enumerable.Range(1, 500).Select(number => (long)number), counts.Select(one => one.Number));
        var large = new string('x', 3_000_000);
        await Ask(connection, "SET", "large", large);
        Assert.Equal(3_000_000, (await Ask(connection, "GET", "large")).Bytes.Length);
    }

    [Fact]
    public async Task A_password_a_user_and_a_database_are_given_and_a_wrong_one_is_told_of_without_it()
    {
        await using var server = await RedisServer.Start(
            ",password=p=1#x,abortConnect=false",
            "--requirepass",
            "p=1#x"
        );
        Assert.Null(await Fault(server.Setting));
        var told = await Fault($"127.0.0.1:{server.Port},password=wrong");
        Assert.Contains("WRONGPASS", told, StringComparison.Ordinal);
        Assert.DoesNotContain("password=wrong", told, StringComparison.Ordinal);
        Assert.Contains("NOAUTH", await Fault($"127.0.0.1:{server.Port}"), StringComparison.Ordinal);

        await server.Ask("ACL", "SETUSER", "yard", "on", ">secret", "~madang:*", "&madang:*", "+@all");
        Assert.Null(await Fault($"127.0.0.1:{server.Port},user=yard,password=secret,db=3"));
        Assert.NotNull(await Fault($"{server.Setting},db=99"));
    }

    [Fact]
    public async Task Encrypted_it_is_believed_by_its_certificate_and_its_name_alone()
    {
        using var place = new TemporaryFolder();
        await using var server = await RedisServer.StartEncrypted(place, "redis.example");
        Assert.Null(await Fault(server.Setting));
        var at = $"127.0.0.1:{server.Port},ssl=true";
        Assert.NotNull(await Fault($"{at},sslHost=redis.example"));
        Assert.NotNull(await Fault($"{at},sslHost=other.example,sslCa={place.File("redis.pem")}"));
        Assert.NotNull(await Fault($"127.0.0.1:{server.Port}"));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("-ERR unknown command 'HELLO'\r\n")]
    [InlineData("+OK\r\n+OK\r\n+OK\r\n")]
    [InlineData("$999999999999\r\n")]
    public async Task Whoever_is_no_Redis_is_left_again(string greeting)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(
            async () =>
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync(Stop);
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting), Stop);
                    // Until it hangs up.
                    await client.GetStream().CopyToAsync(Stream.Null, Stop);
                }
            },
            Stop
        );
        await using var connection = Connection($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        connection.Listen("channel", _ => { });
        connection.Start();
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(await connection.Ask("GET"u8.ToArray(), "a"u8.ToArray()));
            await Task.Delay(10, Stop);
        }
        Assert.False(connection.IsUp);
        listener.Stop();
        await Task.WhenAny(serving);
    }

    [Theory]
    [InlineData("")]
    [InlineData("password=secret")]
    [InlineData("redis:0,password=secret")]
    [InlineData("redis:99999,password=secret")]
    [InlineData(":6379,password=secret")]
    [InlineData("redis,password=secret,surprise=1")]
    [InlineData("redis,ssl=perhaps,password=secret")]
    [InlineData("redis,db=-1,password=secret")]
    [InlineData("redis,password=secret,sslCa=/nowhere")]
    public void A_setting_that_is_none_is_told_of_in_a_sentence_without_the_password(string setting)
    {
        var told = Assert.Throws<StartupException>(() => RedisSettings.Parse(setting)).Message;
        Assert.StartsWith("Cache:Redis ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_is_read_as_other_clients_read_it()
    {
        var redis = RedisSettings.Parse(
            "[::1]:7000,user=yard,password=a=b,ssl=True,defaultDatabase=2,connectTimeout=1000"
        );
        Assert.Equal(
            ("::1", 7000, "yard", "a=b", true, 2),
            (redis.Host, redis.Port, redis.User, redis.Password, redis.IsEncrypted, redis.Database)
        );
        Assert.Equal(
            ("cache.example.com", 6379),
            (RedisSettings.Parse("cache.example.com").Host, RedisSettings.Parse("cache.example.com").Port)
        );
        Assert.DoesNotContain("a=b", redis.ToString(), StringComparison.Ordinal);
    }

    private static RedisConnection Connection(string setting) =>
        new(RedisSettings.Parse(setting), NullLogger<RedisConnection>.Instance, TimeSpan.FromSeconds(60));

    private static Task<string?> Fault(string setting) => RedisConnection.Fault(RedisSettings.Parse(setting), Stop);

    private static async Task<RespReply> Ask(RedisConnection connection, params string[] words)
    {
        var reply = await connection.Ask([.. words.Select(word => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(word))]);
        Assert.NotNull(reply);
        return reply;
    }
}
