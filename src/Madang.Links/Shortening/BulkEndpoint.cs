using System.ComponentModel;
using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

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
        var judged = await many.Judge(input.Links, http, stop);
        if (http.Request.Headers["Idempotency-Key"].Count == 0)
        {
            return TypedResults.Ok(new BulkResults(await many.MakeInParts(judged, me.Id, http, stop)));
        }
        // The answer is kept under the key, so all of it is one write.
        var made = await once.CreateWithOk(
            async sql => new BulkResults(await many.Make(sql, judged, me.Id, http)),
            stop
        );
        return made.Result is Made<BulkResults> answer ? answer : (Refused)made.Result;
    }
}

/// <summary>Makes links one after the other, for the call and for the page.</summary>
public sealed class ManyLinks(
    Database db,
    JsonParts parts,
    MakingLimits limits,
    LinkRules rules,
    LinkStore links,
    LinkPasswords passwords,
    IConfiguration configuration
)
{
    private const int PartSize = 100;

    /// <summary>A hash takes a processor for a good part of a second: more have to come by another call.</summary>
    private const int MostPasswords = 20;

    /// <returns>Each input, or what is wrong with it.</returns>
    internal async Task<List<(LinkInput? Input, Refused? Refused)>> Judge(
        IEnumerable<JsonElement> given,
        HttpContext http,
        CancellationToken stop
    )
    {
        var judged = new List<(LinkInput?, Refused?)>();
        var hashed = 0;
        foreach (var one in given)
        {
            if (!limits.TryTake(http))
            {
                judged.Add((null, new Refused(StatusCodes.Status429TooManyRequests)));
                continue;
            }
            var (input, refused) = await parts.Read<LinkInput>(one, stop);
            refused ??= rules.Check(input!, http);
            if (refused is null && input!.Password is not null)
            {
                input = ++hashed <= MostPasswords ? await passwords.Hashed(input, stop) : null;
                refused = input is null ? LinkPasswords.Busy(http) : null;
            }
            judged.Add((refused is null ? input : null, refused));
        }
        return judged;
    }

    /// <summary>In writes of a hundred each: none keeps others waiting for long, nor comes near <c>Data:TimeLimit</c>.</summary>
    /// <param name="judged">What is to be made, or what is wrong with it.</param>
    /// <param name="owner">Whose they are.</param>
    /// <param name="http">The request.</param>
    /// <param name="stop">Ends it between two parts.</param>
    /// <param name="findsSame">Whether what came before just as it is now is not made again.</param>
    /// <returns>What became of each, in their order.</returns>
    internal async Task<List<BulkResult>> MakeInParts(
        IEnumerable<(LinkInput? Input, Refused? Refused)> judged,
        long owner,
        HttpContext http,
        CancellationToken stop,
        bool findsSame = false
    )
    {
        var results = new List<BulkResult>();
        foreach (var part in judged.Chunk(PartSize))
        {
            results.AddRange(await db.Write(sql => Make(sql, part, owner, http, findsSame), stop));
        }
        return results;
    }

    /// <returns>What became of each, in their order.</returns>
    internal async Task<List<BulkResult>> Make(
        Sql sql,
        IEnumerable<(LinkInput? Input, Refused? Refused)> judged,
        long owner,
        HttpContext http,
        bool findsSame = false
    )
    {
        var baseUrl = ShortUrl.BaseOf(http, configuration["Links:Domain"]);
        var results = new List<BulkResult>();
        foreach (var (input, refused) in judged)
        {
            results.Add(input is null ? Of(refused!, http) : await Make(sql, input, owner, baseUrl, http, findsSame));
        }
        return results;
    }

    private async Task<BulkResult> Make(
        Sql sql,
        LinkInput input,
        long owner,
        string baseUrl,
        HttpContext http,
        bool findsSame
    )
    {
        var (link, isNew) = findsSame
            ? await links.MakeOrFindSame(sql, owner, input)
            : await links.MakeOrFind(sql, owner, input);
        return link is null
            ? Of(LinkEndpoints.Taken, http)
            : new(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, link.For(baseUrl), null);
    }

    private static BulkResult Of(Refused refused, HttpContext http) =>
        new(refused.StatusCode!.Value, null, refused.ProblemFor(http));
}
