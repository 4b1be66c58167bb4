using System.Net.Http.Json;
using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Microsoft.Extensions.Options;

namespace Madang.HttpBench;

/// <summary>Signs users up and in, as programs and browsers do.</summary>
internal static class Users
{
    private const string Password = "see you in the yard";

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

    internal static async Task WriteMemos(RunningServer server, int count)
    {
        var token = await Token(server, "user1@example.com");
        for (var number = 0; number < count; number++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/memos")
            {
                Content = JsonContent.Create(new { text = Fill.Memo(number).Text }),
            };
            request.Headers.Authorization = new("Bearer", token);
            (await server.Client.SendAsync(request)).EnsureSuccessStatusCode();
        }
    }

    internal static async Task<string> Token(RunningServer server, string email)
    {
        using var answer = await server.Client.PostAsJsonAsync(
            "/api/v1/auth/login",
            new { email, password = Password }
        );
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>Tokens of all users, signed with the yard's own key: to sign in a thousand takes minutes of hashing.</summary>
    /// <param name="file">The yard's database; a server may be running over it.</param>
    /// <param name="users">How many users it has, with ids from 1.</param>
    internal static async Task<List<string>> Tokens(string file, int users)
    {
        await using var db = Database.OpenSqlite(file, null, TimeProvider.System);
        var settings = Options.Create(new SignInSettings());
        using var tokens = new AccessTokens(
            new SigningKeys(db, settings, TimeProvider.System),
            settings,
            TimeProvider.System
        );
        var key = await tokens.Key(default);
        return [.. Enumerable.Range(1, users).Select(user => tokens.Issue(key, user))];
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
