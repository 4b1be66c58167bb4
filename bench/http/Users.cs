using System.Net.Http.Json;
using System.Text.Json;

namespace Madang.HttpBench;

/// <summary>Signs users up and in, as programs and browsers do.</summary>
internal static class Users
{
    private const string Password = "see you in the yard";
    private const int TokenCount = 10;

    internal static async Task SignUp(RunningServer server) =>
        (
            await server.Client.PostAsJsonAsync(
                "/api/v1/users",
                new
                {
                    email = "user1@example.com",
                    username = "user 1",
                    password = Password,
                }
            )
        ).EnsureSuccessStatusCode();

    internal static async Task<string> Token(RunningServer server, string email)
    {
        using var answer = await server.Client.PostAsJsonAsync(
            "/api/v1/auth/login",
            new { email, password = Password }
        );
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    internal static async Task<List<string>> Tokens(RunningServer server)
    {
        var tokens = new List<string>();
        for (var user = 1; user <= TokenCount; user++)
        {
            tokens.Add(await Token(server, $"user{user}@example.com"));
        }
        return tokens;
    }

    /// <summary>Signs in as a browser does.</summary>
    /// <returns>The cookie.</returns>
    internal static async Task<string> Cookie(RunningServer server)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(server.Url),
        };
        var page = await browser.GetStringAsync("/sign-in");
        const string Mark = "name=\"form_token\" value=\"";
        var begin = page.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        using var form = new FormUrlEncodedContent([
            new("form_token", page[begin..page.IndexOf('"', begin)]),
            new("email", "user1@example.com"),
            new("password", Password),
        ]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = form };
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        using var answer = await browser.SendAsync(request);
        return answer
            .Headers.GetValues("Set-Cookie")
            .First(cookie => cookie.StartsWith("madang=", StringComparison.Ordinal))
            .Split(';')[0];
    }
}
