using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>
/// The OAuth 2.0 authorization-code flow (RFC 6749, 4.1) with proof keys (RFC 7636): ASP.NET Core's handler, which makes the state,
/// binds it to the browser by a cookie and sends the challenge. Beyond that a state is good once, and for a quarter of an hour;
/// and whatever a provider answers is either a profile or an <see cref="OutsideException"/>.
/// </summary>
internal sealed class ProviderHandler(
    Providers providers,
    OutsideCalls calls,
    UsedStates used,
    ILoggerFactory log,
    UrlEncoder encoder
) : OAuthHandler<ProviderOptions>(providers, log, encoder)
{
    /// <summary>How long somebody may take at the provider.</summary>
    internal static readonly TimeSpan LongestWay = TimeSpan.FromMinutes(15);

    private const string UseItem = "use";

    private readonly Providers providers = providers;
    private Profile? profile;

    /// <summary>
    /// Whether what came back began here, and for the first time: only then is it worth a line in the record, which anybody could fill
    /// with made-up ways otherwise.
    /// </summary>
    internal bool IsOurs { get; private set; }

    /// <summary>Sends the browser to the provider; the properties come back with it.</summary>
    internal async Task Send(ProviderOptions provider, HttpContext http, AuthenticationProperties properties)
    {
        await Begin(provider, http);
        properties.IssuedUtc = TimeProvider.GetUtcNow();
        properties.SetString(UseItem, Secret.New());
        await ChallengeAsync(properties);
    }

    /// <summary>Reads what the browser brings back from the provider.</summary>
    /// <exception cref="OutsideException">It is nobody's.</exception>
    internal async Task<(Profile Profile, AuthenticationProperties Properties)> Receive(
        ProviderOptions provider,
        HttpContext http
    )
    {
        await Begin(provider, http);
        if (
            Options.StateDataFormat.Unprotect(Request.Query["state"]) is not { IssuedUtc: { } issued } state
            || state.GetString(UseItem) is not { } use
            || TimeProvider.GetUtcNow() - issued > LongestWay
        )
        {
            throw new OutsideException(Trouble.BadState, "The state is not ours or too old.");
        }
        // What is inside counts: the same state can be spelled in several ways.
        if (!await used.Use(use, Context.RequestAborted))
        {
            throw new OutsideException(Trouble.BadState, "The state was used before.");
        }
        IsOurs = true;
        await providers.Discover(provider, Context.RequestAborted);
        var result = await HandleRemoteAuthenticateAsync();
        return result is { Succeeded: true, Properties: { } properties }
            ? (profile!, properties)
            : throw new OutsideException(Reason(), result.Failure?.Message ?? "Nothing came back.");
    }

    private Trouble Reason() =>
        Request.Query["error"].ToString() switch
        {
            "access_denied" => Trouble.Denied,
            "" => Trouble.Rubbish,
            _ => Trouble.Refused,
        };

    private Task Begin(ProviderOptions provider, HttpContext http) =>
        InitializeAsync(new AuthenticationScheme(provider.Name, null, typeof(ProviderHandler)), http);

    protected override bool ValidateCorrelationId(AuthenticationProperties properties) =>
        base.ValidateCorrelationId(properties)
            ? true
            : throw new OutsideException(Trouble.BadState, "The state is of another browser.");

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri) =>
        base.BuildChallengeUrl(properties, RedirectUri);

    /// <summary>As the provider was told when the yard was registered there, whatever name the request came by.</summary>
    private string RedirectUri => PublicUrl.Of(Context) + Options.CallbackPath;

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        var fields = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = Options.ClientId,
            ["client_secret"] = Options.ClientSecret,
            ["code"] = context.Code,
            ["redirect_uri"] = RedirectUri,
        };
        if (context.Properties.Items.TryGetValue(OAuthConstants.CodeVerifierKey, out var verifier))
        {
            fields[OAuthConstants.CodeVerifierKey] = verifier!;
        }
        if (Options.Settings.SendsState)
        {
            fields["state"] = Request.Query["state"].ToString();
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, Options.TokenEndpoint)
        {
            Content = new FormUrlEncodedContent(fields),
        };
        var (status, body) = await calls.Ask(request, Context.RequestAborted);
        if (status != HttpStatusCode.OK || body.TryGetProperty("error", out _))
        {
            throw new OutsideException(Trouble.Refused, $"The code was refused: {Spoken(body)}.");
        }
        return
            OutsideCalls.Text(body, "access_token") is { Length: > 0 } token
            && token.All(letter => letter is > ' ' and < '\x7f')
            ? OAuthTokenResponse.Success(JsonDocument.Parse(body.GetRawText()))
            : throw new OutsideException(Trouble.Rubbish, "The answer to the code has no access token.");
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(
        ClaimsIdentity identity,
        AuthenticationProperties properties,
        OAuthTokenResponse tokens
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Options.UserInformationEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        var (status, body) = await calls.Ask(request, Context.RequestAborted);
        if (status != HttpStatusCode.OK)
        {
            throw new OutsideException(Trouble.Refused, $"The user information was refused with {(int)status}.");
        }
        profile = Profile.Read(Options, body);
        return new AuthenticationTicket(new ClaimsPrincipal(identity), properties, Scheme.Name);
    }

    /// <summary>The error's code (RFC 6749, 5.2), as far as a log can bear it.</summary>
    private static string Spoken(JsonElement body) =>
        OutsideCalls.Text(body, "error") is { Length: < 100 } error && error.All(letter => letter is > ' ' and < '\x7f')
            ? error
            : "no reason given";
}
