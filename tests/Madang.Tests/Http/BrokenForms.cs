using System.Net.Http.Headers;
using Madang.Foundation.Http;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Routing;

namespace Madang.Tests.Http;

/// <summary>Whatever is posted to a page's form, a broken body or none, is answered and never breaks the server.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class BrokenForms(SqliteYard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Are_refused_by_every_form_route_signed_in_and_out()
    {
        var routes = yard.Get<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(IsForm)
            .Select(route =>
                route
                    .RoutePattern.RawText!.Replace("{id:long}", "1", StringComparison.Ordinal)
                    .Replace("{n:int}", "1", StringComparison.Ordinal)
            )
            .Distinct()
            .ToList();
        Assert.True(routes.Count >= 10, string.Join(", ", routes));
        var browser = new Browser(yard);
        await browser.Post("/sign-in", "/sign-in", ("email", yard.Admin.Email), ("password", Yard.Password));
        foreach (var route in routes)
        {
            foreach (var body in Bodies())
            {
                var answer = await browser.Send(
                    HttpMethod.Post,
                    route,
                    body,
                    ("Sec-Fetch-Site", "same-origin"),
                    ("Accept", "text/html")
                );
                Assert.InRange((int)answer.StatusCode, 400, 499);
                Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
            }
            foreach (var body in Bodies())
            {
                var answer = await yard.Anonymous.PostAsync(route, body, Stop);
                Assert.InRange((int)answer.StatusCode, 300, 499);
            }
        }
    }

    private static IEnumerable<HttpContent> Bodies()
    {
        yield return Of("{}", "application/json");
        yield return Of("a=1", "text/plain");
        yield return Of("no parts", "multipart/form-data");
        yield return Of(
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut",
            "multipart/form-data; boundary=b"
        );
        yield return Of(
            string.Join('&', Enumerable.Range(0, 3000).Select(i => $"f{i}=1")),
            "application/x-www-form-urlencoded"
        );
        yield return Of(
            "text=%00&email=%EF%BF%BE&password=%ED%A0%80&username=%FF",
            "application/x-www-form-urlencoded"
        );
        yield return Of("", "application/x-www-form-urlencoded");
    }

    private static StringContent Of(string body, string type)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private static bool IsForm(RouteEndpoint route) =>
        route.Metadata.GetMetadata<PageRoute>() is not null
        && route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true;
}
