using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

/// <summary>The page of connections, and the links on it that begin to connect a provider.</summary>
internal static partial class ConnectionLinks
{
    internal const string Path = "/settings/connections";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <returns>The link of a provider on one's own page.</returns>
    internal static async Task<string> LinkOf(this Browser browser, string provider = "naver") =>
        To(provider, await browser.Page(Path));

    /// <returns>The link of a provider in this page.</returns>
    internal static string To(string provider, string page) =>
        In(page).Single(link => link.StartsWith($"/login/{provider}?", StringComparison.Ordinal));

    /// <returns>All such links of a page.</returns>
    internal static IEnumerable<string> In(string page) =>
        Link().Matches(page).Select(link => WebUtility.HtmlDecode(link.Groups[1].Value));

    /// <returns>A page as it stands.</returns>
    internal static async Task<string> Page(this Browser browser, string path, string language = "ko")
    {
        using var answer = await browser.Send(HttpMethod.Get, path, null, ("Accept-Language", language));
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    /// <returns>How many providers' accounts an account is connected to.</returns>
    internal static Task<long> Identities(this Yard yard, long user) =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM identities WHERE user_id = @user", new { user }),
            Stop
        );

    /// <returns>The id of the latest of them.</returns>
    internal static Task<long> Identity(this Yard yard, long user) =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT max(id) FROM identities WHERE user_id = @user", new { user }),
            Stop
        );

    [GeneratedRegex("href=\"(/login/[^\"]+)\"")]
    private static partial Regex Link();
}
