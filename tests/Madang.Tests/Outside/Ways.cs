using System.Net;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

/// <summary>The way of a browser to a provider and back, step by step.</summary>
internal static class Ways
{
    private static readonly HttpClient Web = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
    );

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <returns>Where the yard sends the browser.</returns>
    internal static async Task<Uri> Leave(this Browser browser, string path = "/login/naver")
    {
        using var answer = await browser.Send(HttpMethod.Get, path);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(Stop));
        return answer.Headers.Location!;
    }

    /// <returns>What the provider sends the browser back with: a path of the yard.</returns>
    internal static async Task<string> Agree(this Uri authorization, string agree = "yes")
    {
        using var answer = await Web.GetAsync($"{authorization}&agree={agree}", Stop);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{authorization}: {answer.StatusCode}");
        return answer.Headers.Location!.PathAndQuery;
    }

    /// <summary>Goes where the provider sent it.</summary>
    internal static Task<HttpResponseMessage> Return(this Browser browser, string path, string language = "ko") =>
        browser.Send(HttpMethod.Get, path, null, ("Accept", "text/html"), ("Accept-Language", language));

    /// <summary>All of the way.</summary>
    internal static async Task<HttpResponseMessage> Walk(this Browser browser, string path = "/login/naver") =>
        await browser.Return(await (await browser.Leave(path)).Agree());

    /// <returns>The id of who is signed in there.</returns>
    internal static async Task<long> WhoAmI(this Browser browser)
    {
        using var answer = await browser.Send(HttpMethod.Get, "/api/v1/users/me");
        return (await answer.Json(HttpStatusCode.OK)).Number("id");
    }

    /// <summary>Holds an answer to being a page with this status and sentence, and the browser to being signed out.</summary>
    internal static async Task IsTurnedAway(
        this Browser browser,
        HttpResponseMessage answer,
        HttpStatusCode status,
        string sentence
    )
    {
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop));
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {(int)status}: {page}");
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("madang", browser.Cookies.Keys);
        Assert.False(await browser.IsSignedIn());
    }
}
