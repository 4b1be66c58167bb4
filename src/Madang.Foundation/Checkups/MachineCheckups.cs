using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Madang.Foundation.Caching;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Checkups;

/// <summary>Whether there is room in the data directory.</summary>
internal sealed class DiskCheckup(IConfiguration configuration) : ICheckup
{
    private const long Gibibyte = 1L << 30;

    public string Name => "disk";

    public Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        var directory = Path.GetFullPath(configuration["Data:Directory"] ?? "data");
        if (!Directory.Exists(directory))
        {
            return Task.FromResult(Finding.Ok($"{directory} is not there yet"));
        }
        var drive = new DriveInfo(directory);
        var free = drive.AvailableFreeSpace;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{(double)free / Gibibyte:0.0} GiB are free in {directory}"
        );
        return Task.FromResult(
            free < Gibibyte / 8 ? Finding.Problem($"{text}: writes will soon be refused, make room")
            : free < Math.Min(2 * Gibibyte, drive.TotalSize / 20) ? Finding.Warning($"{text}: make room")
            : Finding.Ok(text)
        );
    }
}

/// <summary>Whether the second level of the cache lets us in.</summary>
internal sealed class CacheCheckup(CacheSettings settings) : ICheckup
{
    public string Name => "cache";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop) =>
        settings is not { IsEnabled: true } ? Finding.Warning("Cache:Enabled is false: every answer is computed anew")
        : settings.Redis is not { } redis ? Finding.Ok("not configured")
        : await RedisConnection.Fault(redis, stop) is { } fault
            ? Finding.Problem(
                $"{redis.Place}: {fault.TrimEnd('.')}: see Cache:Redis (answers are kept in memory meanwhile)"
            )
        : Finding.Ok($"{redis.Place} answers");
}

/// <summary>Whether the mail server greets us (RFC 5321, 3.1 and 3.2).</summary>
internal sealed class MailCheckup(IConfiguration configuration) : ICheckup
{
    private const int SubmissionPort = 587;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public string Name => "mail";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        if (configuration["Mail:Host"] is not { Length: > 0 } host)
        {
            return Finding.Ok("not configured");
        }
        var port = configuration.GetValue("Mail:Port", SubmissionPort);
        var server = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token);
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            var greeting = await Reply(reader, limit.Token);
            if (!greeting.StartsWith("220", StringComparison.Ordinal))
            {
                return Finding.Problem($"{server} greets with '{greeting}', which is no mail server's");
            }
            await client.GetStream().WriteAsync("EHLO madang\r\n"u8.ToArray(), limit.Token);
            var answer = await Reply(reader, limit.Token);
            await client.GetStream().WriteAsync("QUIT\r\n"u8.ToArray(), limit.Token);
            return answer.StartsWith("250", StringComparison.Ordinal)
                ? Finding.Ok($"{server} answers")
                : Finding.Problem($"{server} refuses us: '{answer}'");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Finding.Problem(
                $"{server} did not answer within {Limit.TotalSeconds:0} s: see Mail:Host, Mail:Port"
            );
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return Finding.Problem($"{server} cannot be reached ({error.Message}): see Mail:Host and Mail:Port");
        }
    }

    /// <returns>The last line of a reply, without what could upset a terminal.</returns>
    private static async Task<string> Reply(StreamReader reader, CancellationToken stop)
    {
        string? line;
        do
        {
            line = await reader.ReadLineAsync(stop);
        } while (line is { Length: > 3 } && line[3] == '-');
        return string.Concat((line ?? "").Where(letter => !char.IsControl(letter)).Take(100));
    }
}

/// <summary>Whether the outside providers that are configured can be reached from here.</summary>
internal sealed class ProvidersCheckup(IConfiguration configuration) : ICheckup
{
    private static readonly string[] Endpoints = ["AuthorizationEndpoint", "TokenEndpoint", "UserInformationEndpoint"];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public string Name => "providers";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { Timeout = Limit, MaxResponseContentBufferSize = 1 << 20 };
        var looks = configuration
            .GetSection("SignIn:Providers")
            .GetChildren()
            .Where(one => one["ClientId"] is { Length: > 0 })
            .Select(one => Look(client, one.Key, UrlsOf(one), stop))
            .Concat(
                configuration
                    .GetSection("SignIn:TrustedIssuers")
                    .GetChildren()
                    .Where(one => one["JwksUri"] is { Length: > 0 })
                    .Select(one => Look(client, one["Issuer"] ?? "a trusted issuer", [one["JwksUri"]!], stop))
            );
        var findings = await Task.WhenAll(looks);
        return findings.Length > 0 ? findings : Finding.Ok("none is configured");
    }

    private static List<string> UrlsOf(IConfigurationSection provider)
    {
        List<string> given =
        [
            .. Endpoints.Select(name => provider[name]).OfType<string>().Where(url => url.Length > 0),
        ];
        if (given.Count < Endpoints.Length && provider["Issuer"] is { Length: > 0 } issuer)
        {
            given.Add($"{issuer.TrimEnd('/')}/.well-known/openid-configuration");
        }
        return given;
    }

    private static async Task<Finding> Look(HttpClient client, string name, List<string> urls, CancellationToken stop)
    {
        var faults = await Task.WhenAll(urls.Select(url => Fault(client, url, stop)));
        return faults.FirstOrDefault(fault => fault is not null) is { } fault
            ? new(Verdict.Problem, $"{name}: {fault}")
            : new(Verdict.Ok, $"{name} answers");
    }

    /// <summary>Any answer will do, a refusal too: we ask without what a real call has.</summary>
    private static async Task<string?> Fault(HttpClient client, string url, CancellationToken stop)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, stop);
            return (int)answer.StatusCode < 500 ? null : $"{url} answers {(int)answer.StatusCode}";
        }
        catch (Exception error) when (error is HttpRequestException or UriFormatException or NotSupportedException)
        {
            return $"{url} cannot be reached: {error.Message}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"{url} did not answer within {Limit.TotalSeconds:0} s";
        }
    }
}
