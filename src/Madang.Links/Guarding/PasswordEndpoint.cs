using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Madang.Links.Following;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Guarding;

/// <summary>What the page that asks for a link's password posts.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record LinkPasswordInput
{
    /// <summary>The link's password.</summary>
    [Needed, Longest(LinkPasswords.Longest)]
    public string? Password { get; init; }
}

/// <summary>
/// Opening a link that has a password. Its form carries no antiforgery token: it does nothing in anybody's name, whoever posts it
/// must bring the password, and visitors need no cookie here.
/// </summary>
public static class PasswordEndpoint
{
    private const int MostBytes = 8 * 1024;

    internal static void MapPasswords(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/{slug}", Open)
            .OnFreeSlugs(routes, "/{slug}")
            .AllowAnonymous()
            .DisableAntiforgery()
            .ForBrowsersAndSmallClients()
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .ExcludeFromDescription();

    /// <summary>Follows a protected link: the right password is led on by a GET, and only that is a visit.</summary>
    public static async Task<IResult> Open(
        string slug,
        Form<LinkPasswordInput> form,
        HttpContext http,
        Doors doors,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var link = Slug.IsWellFormed(slug) ? await doors.Links.Find(slug, stop) : null;
        if (link is null)
        {
            return Closed.Unknown(http);
        }
        if (!link.IsOpen(clock.GetUtcNow()))
        {
            return Closed.Ended(http, link, clock.GetUtcNow());
        }
        if (link.PasswordHash is not { } hash)
        {
            http.Response.Headers.Allow = "GET, HEAD";
            return new Refused(StatusCodes.Status405MethodNotAllowed);
        }
        if (link.IsLimited && !await doors.Uses.AreLeft(link.Id, stop))
        {
            return Closed.Ended(http, link, clock.GetUtcNow());
        }
        if (form.Input is not { Password: { } password })
        {
            return Ask(http, slug, form);
        }
        var place = Caller.PlaceOf(http);
        if (doors.Guesses.Begin(link.Id, place) is { } wait)
        {
            http.Response.Headers.RetryAfter = Caller.Seconds(wait);
            return Ask(http, slug, form.With(new(429, "links.must_wait", LinksWords.Say)));
        }
        switch (await IsRight(doors, link.Id, place, hash, password, stop))
        {
            case null:
                LinkPasswords.Busy(http);
                return Ask(http, slug, form.With(new(429, "links.must_wait", LinksWords.Say)));
            case false:
                return Ask(http, slug, form.With(Wrong()));
        }
        if (link.IsLimited && !await doors.Uses.Take(link.Id, stop))
        {
            return Closed.Ended(http, link, clock.GetUtcNow());
        }
        doors.Counter.Add(link.Id, http, isUsed: link.IsLimited);
        Redirect.AnswerForm(http, link);
        return Results.Empty;
    }

    /// <summary>The page that asks, or asks again, for the password; to a program a problem.</summary>
    internal static IResult Ask(HttpContext http, string slug, IForm? form = null)
    {
        var status = form?.Status ?? StatusCodes.Status401Unauthorized;
        Closed.Mark(http);
        if (status == StatusCodes.Status401Unauthorized)
        {
            // A scheme of its own (RFC 9110, 11.6.1): of those that are known, browsers would ask themselves.
            http.Response.Headers.WWWAuthenticate = "Form";
        }
        if (!Pages.AreWanted(http))
        {
            var word =
                form is null ? "links.protected"
                : status == 429 ? "links.must_wait"
                : "links.wrong_password";
            return new Refused(status, word, LinksWords.Say)
            {
                Errors = form is { Errors.Count: > 0 } ? form.Errors : null,
            };
        }
        // Browsers hold what a form is answered with to this too, and the target is somewhere else.
        SecurityHeaders.LetFormsLeadAway(http);
        return Pages.Show<PasswordPage>(new { Action = $"/{slug}{http.Request.QueryString}", Form = form }, status);
    }

    private static Refused Wrong() =>
        new(StatusCodes.Status401Unauthorized)
        {
            Errors = new Dictionary<string, string[]> { ["password"] = [LinksWords.Say["links.wrong_password"]] },
        };

    /// <returns>Null when too many wait. Only a wrong password stays counted.</returns>
    private static async Task<bool?> IsRight(
        Doors doors,
        long link,
        string place,
        string hash,
        string password,
        CancellationToken stop
    )
    {
        bool? isRight = null;
        try
        {
            isRight = await doors.Passwords.IsRight(hash, password, stop);
            return isRight;
        }
        finally
        {
            if (isRight != false)
            {
                doors.Guesses.GiveBack(link, place, wasRight: isRight == true);
            }
        }
    }
}
