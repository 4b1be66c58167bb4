using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.HttpBench;

/// <summary>Kestrel with nothing behind it: it writes the same bytes to everybody, as fast as this machine's web server can.</summary>
internal static class BareServer
{
    /// <summary>Serves until it is killed.</summary>
    /// <param name="url">Where.</param>
    /// <param name="status">The status of every answer.</param>
    /// <param name="answer">A file that holds the body and, one line each in a second file, the headers.</param>
    internal static async Task Run(string url, int status, string[] answer)
    {
        var body = await File.ReadAllBytesAsync(answer[0]);
        var headers = (await File.ReadAllLinesAsync(answer[1]))
            .Select(line => line.Split(": ", 2))
            .Select(parts => KeyValuePair.Create(parts[0], parts[1]))
            .ToArray();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        app.Run(async http =>
        {
            http.Response.StatusCode = status;
            foreach (var (name, value) in headers)
            {
                http.Response.Headers[name] = value;
            }
            if (status == StatusCodes.Status304NotModified)
            {
                return;
            }
            http.Response.Headers.ContentLength = body.Length;
            await http.Response.BodyWriter.WriteAsync(body);
        });
        await app.RunAsync();
    }

    /// <summary>Writes what it is to answer, and starts it.</summary>
    internal static async Task<RunningServer> Start(string folder, Answer answer)
    {
        var (body, headers) = (Path.Combine(folder, "bare.body"), Path.Combine(folder, "bare.headers"));
        await File.WriteAllBytesAsync(body, answer.Body);
        await File.WriteAllLinesAsync(headers, answer.Headers.Select(one => $"{one.Key}: {one.Value}"));
        var url = $"http://127.0.0.1:{RunningServer.FreePort()}";
        var server = RunningServer.Start(
            Environment.ProcessPath!,
            url,
            "bare",
            url,
            answer.Status.ToString(CultureInfo.InvariantCulture),
            body,
            headers
        );
        await server.UntilItAnswers("/");
        return server;
    }
}

/// <summary>An answer as it came, for the bare server to repeat.</summary>
internal sealed record Answer(int Status, byte[] Body, KeyValuePair<string, string>[] Headers)
{
    internal static async Task<Answer> Of(HttpClient client, string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return new(
            (int)answer.StatusCode,
            body,
            [
                .. answer
                    .Headers.Concat(answer.Content.Headers)
                    .Where(one => one.Key is not ("Date" or "Content-Length" or "Transfer-Encoding" or "Set-Cookie"))
                    .Select(one => KeyValuePair.Create(one.Key, string.Join(", ", one.Value))),
            ]
        );
    }
}
