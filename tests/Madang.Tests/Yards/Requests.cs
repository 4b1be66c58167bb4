using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Madang.Tests.Yards;

/// <summary>Requests with headers, and what is true of every problem.</summary>
public static class Requests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Sends JSON, or content that is given as such, with these headers.</summary>
    public static Task<HttpResponseMessage> Send(
        this HttpClient client,
        HttpMethod method,
        string path,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : body as HttpContent ?? JsonContent.Create(body),
        };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }
        return client.SendAsync(request, Stop);
    }

    /// <returns>The problem, which must have this status and the contract's shape.</returns>
    public static async Task<JsonElement> Problem(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var problem = await answer.Json(status);
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), answer.Content.Headers.ContentType);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal(answer.RequestMessage!.RequestUri!.AbsolutePath, problem.GetProperty("instance").GetString());
        Assert.NotEmpty(problem.GetProperty("type").GetString()!);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("trace_id").GetString());
        return problem;
    }

    /// <returns>The names of the fields that a problem finds fault with.</returns>
    public static string[] Fields(this JsonElement problem) =>
        problem.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)]
            : [];

    /// <returns>The answer's body, which must be 400 and find fault with just these fields.</returns>
    public static async Task IsBad(this Task<HttpResponseMessage> answer, params string[] fields) =>
        Assert.Equal(
            fields.Order(StringComparer.Ordinal),
            (await (await answer).Problem(HttpStatusCode.BadRequest)).Fields()
        );

    /// <summary>Holds an answer to a status and reads nothing more.</summary>
    public static async Task Is(this Task<HttpResponseMessage> answer, HttpStatusCode status)
    {
        using var came = await answer;
        var body = await came.Content.ReadAsStringAsync(Stop);
        Assert.True(came.StatusCode == status, $"{(int)came.StatusCode} instead of {(int)status}: {body}");
    }

    public static string Text(this JsonElement thing, string field) => thing.GetProperty(field).GetString()!;

    public static long Number(this JsonElement thing, string field) => thing.GetProperty(field).GetInt64();
}
