using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

/// <summary>A browser without scripts: it keeps cookies, and posts a page's form with the token that stands in it.</summary>
public sealed partial class Browser(HttpClient client)
{
    public Browser(Yard yard)
        : this(yard.Client(null)) { }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Its cookies, by name.</summary>
    public Dictionary<string, string> Cookies { get; init; } = [];

    public async Task<HttpResponseMessage> Send(
        HttpMethod method,
        string path,
        object? body = null,
        params (string Name, string Value)[] headers
    )
    {
        var cookie = string.Join("; ", Cookies.Select(one => $"{one.Key}={one.Value}"));
        var answer = await client.Send(
            method,
            path,
            body,
            cookie.Length == 0 ? headers : [("Cookie", cookie), .. headers]
        );
        foreach (var set in Set(answer))
        {
            var (name, value) = (set[..set.IndexOf('=', StringComparison.Ordinal)], Value().Match(set).Groups[1].Value);
            if (value.Length == 0)
            {
                Cookies.Remove(name);
            }
            else
            {
                Cookies[name] = value;
            }
        }
        return answer;
    }

    /// <returns>The <c>Set-Cookie</c> headers of an answer.</returns>
    public static IEnumerable<string> Set(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];

    /// <summary>Gets a page and posts its form as a browser does, from the same origin.</summary>
    public async Task<HttpResponseMessage> Post(
        string page,
        string action,
        params (string Name, string Value)[] fields
    ) => await Submit(action, [("form_token", await Token(page)), .. fields], ("Sec-Fetch-Site", "same-origin"));

    public Task<HttpResponseMessage> Submit(
        string action,
        (string Name, string Value)[] fields,
        params (string, string)[] headers
    ) =>
        Send(
            HttpMethod.Post,
            action,
            new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
            headers
        );

    /// <returns>The antiforgery token of a page's form.</returns>
    public async Task<string> Token(string page)
    {
        using var answer = await Send(HttpMethod.Get, page);
        var html = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{page}: {answer.StatusCode}");
        return WebUtility.HtmlDecode(FormToken().Match(html).Groups[1].Value);
    }

    /// <summary>Signs in on the page.</summary>
    public async Task<Browser> SignIn(Person person, string password = Yard.Password)
    {
        using var answer = await Post("/sign-in", "/sign-in", ("email", person.Email), ("password", password));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return this;
    }

    /// <returns>Whether it is signed in: <c>GET /memo</c> leads everybody else home.</returns>
    public async Task<bool> IsSignedIn() => (await Send(HttpMethod.Get, "/memo")).StatusCode == HttpStatusCode.OK;

    [GeneratedRegex("^[^=]+=([^;]*)")]
    private static partial Regex Value();

    [GeneratedRegex("name=\"form_token\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
