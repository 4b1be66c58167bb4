using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Outside;

/// <summary>
/// A provider on a port of its own that speaks Naver's documented dialect. It holds its clients to what Naver holds them to: the client,
/// its secret, the registered redirect URI, a code that is good once, the state with the code; and to a proof key when one was announced.
/// </summary>
public sealed class TestProvider : IAsyncDisposable
{
    public const string ClientId = "yard";
    public const string ClientSecret = "a-secret-of-the-yard";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Consent> codes = [];

    private TestProvider(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    /// <summary>Who says yes at the provider.</summary>
    public Member Member { get; set; } = new("n-1");

    /// <summary>Answers instead of the token endpoint, or null.</summary>
    public RequestDelegate? Token { get; set; }

    /// <summary>Answers instead of the user information, or null.</summary>
    public RequestDelegate? Information { get; set; }

    /// <summary>Every request that came to the token endpoint, by its fields.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Tokens { get; } = [];

    public static async Task<TestProvider> Start(string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var provider = new TestProvider(builder.Build());
        provider.Map();
        await provider.app.StartAsync();
        return provider;
    }

    /// <summary>The settings of a yard that has a client here, under this name.</summary>
    public string[] Settings(string name = "naver") =>
        [
            $"--SignIn:Providers:{name}:ClientId={ClientId}",
            $"--SignIn:Providers:{name}:ClientSecret={ClientSecret}",
            $"--SignIn:Providers:{name}:AuthorizationEndpoint={Url}/oauth2.0/authorize",
            $"--SignIn:Providers:{name}:TokenEndpoint={Url}/oauth2.0/token",
            $"--SignIn:Providers:{name}:UserInformationEndpoint={Url}/v1/nid/me",
        ];

    private void Map()
    {
        app.MapGet("/oauth2.0/authorize", Authorize);
        app.MapPost("/oauth2.0/token", http => Token is { } other ? other(http) : Trade(http));
        app.MapGet("/v1/nid/me", http => Information is { } other ? other(http) : Tell(http));
    }

    private async Task Authorize(HttpContext http)
    {
        var query = http.Request.Query;
        if (query["response_type"] != "code" || query["client_id"] != ClientId || query["state"].Count != 1)
        {
            http.Response.StatusCode = 400;
            return;
        }
        var back = $"{query["redirect_uri"]}?state={Uri.EscapeDataString(query["state"]!)}";
        if (query["agree"] == "no")
        {
            http.Response.Redirect($"{back}&error=access_denied&error_description=Canceled%20By%20User");
            return;
        }
        if (
            query["agree"] != "yes"
            && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        )
        {
            var here = $"{http.Request.Path}{http.Request.QueryString}";
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.WriteAsync(
                $"""<!doctype html><html lang="ko"><link rel="icon" href="data:,"><title>네이버</title><h1>동의</h1><a href="{here}&amp;agree=yes">동의하기</a> <a href="{here}&amp;agree=no">취소</a>"""
            );
            return;
        }
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        codes[code] = new(query["redirect_uri"]!, query["state"]!, query["code_challenge"], Member);
        http.Response.Redirect($"{back}&code={code}");
    }

    private async Task Trade(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var fields = form.ToDictionary(field => field.Key, field => field.Value.ToString());
        Tokens.Enqueue(fields);
        var isGood =
            fields["grant_type"] == "authorization_code"
            && fields["client_id"] == ClientId
            && fields["client_secret"] == ClientSecret
            && codes.TryRemove(fields["code"], out var consent)
            && fields["redirect_uri"] == consent.RedirectUri
            && fields.GetValueOrDefault("state", consent.State) == consent.State
            && Challenge(fields.GetValueOrDefault("code_verifier")) == consent.Challenge
            && tokens.TryAdd(fields["code"], consent.Member);
        // Naver says no with 200.
        await http.Response.WriteAsJsonAsync(
            isGood
                ? new Dictionary<string, string>
                {
                    ["access_token"] = $"token-{fields["code"]}",
                    ["refresh_token"] = "r",
                    ["token_type"] = "bearer",
                    ["expires_in"] = "3600",
                }
                : new Dictionary<string, string>
                {
                    ["error"] = "invalid_request",
                    ["error_description"] = "no valid data in session",
                }
        );
    }

    private readonly ConcurrentDictionary<string, Member> tokens = [];

    private async Task Tell(HttpContext http)
    {
        var token = http
            .Request.Headers.Authorization.ToString()
            .Replace("Bearer token-", "", StringComparison.Ordinal);
        if (!tokens.TryGetValue(token, out var member))
        {
            http.Response.StatusCode = 401;
            await http.Response.WriteAsJsonAsync(new { resultcode = "024", message = "Authentication failed" });
            return;
        }
        await http.Response.WriteAsJsonAsync(
            new
            {
                resultcode = "00",
                message = "success",
                response = new Dictionary<string, string?>
                {
                    ["id"] = member.Id,
                    ["email"] = member.Email,
                    ["name"] = member.Name,
                    ["nickname"] = member.Nickname,
                }
                    .Where(field => field.Value is not null)
                    .ToDictionary(),
            }
        );
    }

    private static string? Challenge(string? verifier) =>
        verifier is null
            ? null
            : System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private sealed record Consent(string RedirectUri, string State, string? Challenge, Member Member);
}

/// <summary>A member of the provider.</summary>
public sealed record Member(string Id)
{
    public string? Email { get; init; }

    public string? Name { get; init; } = "김하늘";

    public string? Nickname { get; init; }
}
