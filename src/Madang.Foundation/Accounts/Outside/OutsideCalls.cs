using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>
/// How this server asks others: within a time limit, following no redirect, reading a bounded answer, and over TLS unless it is on this
/// very machine.
/// </summary>
internal sealed class OutsideCalls : IDisposable
{
    /// <summary>Far above what any of them answers.</summary>
    private const int LargestAnswer = 256 * 1024;

    public OutsideCalls(IConfiguration configuration) =>
        Client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            }
        )
        {
            Timeout = configuration.GetValue("SignIn:OutsideTimeLimit", TimeSpan.FromSeconds(10)),
            MaxResponseContentBufferSize = LargestAnswer,
            // GitHub's interface answers nobody who has no name.
            DefaultRequestHeaders = { { "User-Agent", "Madang" }, { "Accept", "application/json" } },
        };

    internal HttpClient Client { get; }

    /// <returns>Whether a URL may be asked: https, or http on this machine.</returns>
    internal static bool IsSafe(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    /// <returns>The JSON object of an answer, whatever its status below 500.</returns>
    /// <exception cref="OutsideException">There is no such answer.</exception>
    internal async Task<(HttpStatusCode Status, JsonElement Body)> Ask(
        HttpRequestMessage request,
        CancellationToken stop
    )
    {
        try
        {
            using var answer = await Client.SendAsync(request, stop);
            if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            {
                throw new OutsideException(Trouble.Away, $"{Place(request)} answered {(int)answer.StatusCode}.");
            }
            var body = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(stop));
            return body.ValueKind == JsonValueKind.Object
                ? (answer.StatusCode, body)
                : throw new OutsideException(Trouble.Rubbish, $"{Place(request)} answered no JSON object.");
        }
        catch (OperationCanceledException error) when (!stop.IsCancellationRequested)
        {
            throw new OutsideException(Trouble.Slow, $"{Place(request)} did not answer in time.", error);
        }
        catch (HttpRequestException error)
            when (error.HttpRequestError
                    is HttpRequestError.ConfigurationLimitExceeded
                        or HttpRequestError.InvalidResponse
            )
        {
            throw new OutsideException(Trouble.Rubbish, $"{Place(request)} answered what can't be read.", error);
        }
        catch (HttpRequestException error)
        {
            throw new OutsideException(Trouble.Away, $"{Place(request)} can't be reached.", error);
        }
        catch (JsonException error)
        {
            throw new OutsideException(Trouble.Rubbish, $"{Place(request)} answered no JSON.", error);
        }
    }

    /// <returns>The text at a path with dots, of a string or a whole number, or null.</returns>
    /// <exception cref="OutsideException">It is no Unicode.</exception>
    internal static string? Text(JsonElement body, string path)
    {
        try
        {
            return Find(body, path) switch
            {
                { ValueKind: JsonValueKind.String } text => text.GetString(),
                { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out _) => number.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException error)
        {
            throw new OutsideException(Trouble.Rubbish, $"What stands at {path} is no Unicode.", error);
        }
    }

    /// <returns>Whether <c>true</c> stands at a path with dots; some write it as a text.</returns>
    internal static bool IsTrue(JsonElement body, string path) =>
        Find(body, path) is { } value
        && (
            value.ValueKind == JsonValueKind.True
            || (value.ValueKind == JsonValueKind.String && value.ValueEquals("true"))
        );

    private static JsonElement? Find(JsonElement body, string path)
    {
        foreach (var step in path.Split('.'))
        {
            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(step, out body))
            {
                return null;
            }
        }
        return body;
    }

    /// <summary>Without the query, which may hold what nobody should read in a log.</summary>
    private static string Place(HttpRequestMessage request) => request.RequestUri!.GetLeftPart(UriPartial.Path);

    public void Dispose() => Client.Dispose();
}
