using System.ComponentModel;
using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Shortening;

/// <summary>Links to be made at once.</summary>
public sealed record BulkInput
{
    /// <summary>At most 1,000 links, each as <c>POST /api/v1/links</c> takes it.</summary>
    [Needed, Description("At most 1,000 links, each as POST /api/v1/links takes it.")]
    public IReadOnlyList<JsonElement>? Links { get; init; }
}

/// <summary>What became of one of them.</summary>
/// <param name="Status">As <c>POST /api/v1/links</c> answers: 201, 200, 400, 409 or 429.</param>
/// <param name="Link">The link, or null.</param>
/// <param name="Problem">Why there is none, or null.</param>
public sealed record BulkResult(int Status, Link? Link, Problem? Problem);

/// <summary>What became of each, in their order.</summary>
public sealed record BulkResults(IReadOnlyList<BulkResult> Results);

/// <summary>Making many links by one call.</summary>
public static class BulkEndpoint
{
    /// <summary>Links in one call.</summary>
    internal const int Most = 1_000;

    /// <summary>Bytes that the call may have: 2 KiB for each link. The largest single links don't come a thousand at a time.</summary>
    internal const int MostBytes = 2 * 1024 * 1024;

    internal static void MapBulk(this RouteGroupBuilder api) =>
        api.MapPost("/links/bulk", Make)
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .Produces<BulkResults>()
            .Refuses(422);

    /// <summary>Makes up to 1,000 links at once. Each is judged by itself, as if it came alone, and counts towards the limit of making.</summary>
    public static async Task<Results<Made<BulkResults>, Ok<BulkResults>, Refused>> Make(
        // Before the input: it hashes the body, which is then read again.
        Once once,
        BulkInput input,
        ManyLinks many,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (input.Links!.Count > Most)
        {
            return new Refused(StatusCodes.Status400BadRequest)
            {
                Errors = new Dictionary<string, string[]> { ["links"] = [LinksWords.Say["links.too_many"]] },
            };
        }
        if (!once.HasKey)
        {
            var alone = await many.Judge(input.Links, http, stop);
            return TypedResults.Ok(new BulkResults(await many.MakeInParts(alone, me.Id, http, stop)));
        }
        var answer = await once.Earlier<BulkResults>(stop) ?? await MakeAll(once, input.Links, many, http, me, stop);
        return answer.Result is Made<BulkResults> made ? made : (Refused)answer.Result;
    }

    /// <summary>
    /// With a key the answer is kept, so all of it is one write; and "too many by now" is no answer to keep: where one of the links would be
    /// told so, nothing is made, and the same call will do later.
    /// </summary>
    private static async Task<Results<Made<BulkResults>, Refused>> MakeAll(
        Once once,
        IReadOnlyList<JsonElement> links,
        ManyLinks many,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (many.MustWait(links.Count, http) is { } wait)
        {
            http.Response.Headers.RetryAfter = Caller.Seconds(wait);
            return new Refused(StatusCodes.Status429TooManyRequests);
        }
        var judged = await many.Judge(links, http, stop, areCounted: true);
        return judged.Exists(one => one.Refused?.StatusCode == StatusCodes.Status429TooManyRequests)
            ? LinkPasswords.Busy(http)
            : await once.CreateWithOk(async sql => new BulkResults(await many.Make(sql, judged, me.Id, http)), stop);
    }
}
