using System.Text.Json;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Madang.Links.Shortening;

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

    /// <summary>Takes all of them from what the caller may make, or none.</summary>
    /// <returns>Null when they may be made, else how long to wait.</returns>
    internal TimeSpan? MustWait(int count, HttpContext http) => limits.TryTake(http, count, out var wait) ? null : wait;

    /// <param name="given">Up to a thousand.</param>
    /// <param name="http">The request.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="areCounted">Whether they are taken from what the caller may make already.</param>
    /// <returns>Each input, or what is wrong with it.</returns>
    internal async Task<List<(LinkInput? Input, Refused? Refused)>> Judge(
        IEnumerable<JsonElement> given,
        HttpContext http,
        CancellationToken stop,
        bool areCounted = false
    )
    {
        var judged = new List<(LinkInput?, Refused?)>();
        var hashed = 0;
        foreach (var one in given)
        {
            if (!areCounted && !limits.TryTake(http))
            {
                judged.Add((null, new Refused(StatusCodes.Status429TooManyRequests)));
                continue;
            }
            var (input, refused) = await parts.Read<LinkInput>(one, stop);
            refused ??= rules.Check(input!, http);
            if (refused is null && input!.Password is not null)
            {
                refused = ++hashed > MostPasswords ? TooManyPasswords : null;
                input = refused is null ? await passwords.Hashed(input, stop) : null;
                refused ??= input is null ? new Refused(StatusCodes.Status429TooManyRequests) : null;
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

    private static Refused TooManyPasswords =>
        new(StatusCodes.Status400BadRequest)
        {
            Errors = new Dictionary<string, string[]> { ["password"] = [LinksWords.Say["links.too_many_passwords"]] },
        };

    private static BulkResult Of(Refused refused, HttpContext http) =>
        new(refused.StatusCode!.Value, null, refused.ProblemFor(http));
}
