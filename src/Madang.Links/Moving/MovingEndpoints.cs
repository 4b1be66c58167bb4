using System.ComponentModel;
using System.Globalization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Moving;

/// <summary>Which links are exported, and how.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
public sealed record LinkExportQuery
{
    /// <summary><c>csv</c> (when left out) or <c>json</c>.</summary>
    [Description("csv (when left out) or json.")]
    [FromQuery(Name = "format"), OneOf("csv", "json")]
    public string? Format { get; init; }

    /// <summary><c>mine</c> (when left out): one's own links; or <c>all</c>: the team's too.</summary>
    [Description("mine (when left out): one's own links; or all: the team's too.")]
    [FromQuery(Name = "scope"), OneOf("mine", "all")]
    public string? Scope { get; init; }
}

/// <summary>How a file of links is imported.</summary>
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record LinkImportQuery
{
    /// <summary>Whose file it is; our own export when left out.</summary>
    [Description("Whose file it is; our own export when left out.")]
    [FromQuery(Name = "from"), OneOf("madang", "csv", "shlink", "kutt", "yourls", "bitly")]
    public string? From { get; init; }

    /// <summary>Whether it only tells what would happen.</summary>
    [Description("Whether it only tells what would happen.")]
    [FromQuery(Name = "dry_run")]
    public bool? DryRun { get; init; }

    /// <summary>Whether a link whose slug can't be had gets another, instead of being refused.</summary>
    [Description("Whether a link whose slug can't be had gets another, instead of being refused.")]
    [FromQuery(Name = "new_slugs")]
    public bool? NewSlugs { get; init; }

    /// <summary>What the file is called, to be told apart from others.</summary>
    [Description("What the file is called, to be told apart from others.")]
    [FromQuery(Name = "file_name"), Longest(200)]
    public string? FileName { get; init; }

    internal ImportPlan PlanFor(long owner, HttpContext http) =>
        new(owner, From ?? "madang", NewSlugs == true, PublicUrl.Of(http));

    internal string Called => string.IsNullOrWhiteSpace(FileName) ? "links" : Fold.Clean(FileName);
}

/// <summary>Taking links out, and bringing links in from elsewhere.</summary>
public static class MovingEndpoints
{
    internal static void MapMoving(this RouteGroupBuilder api)
    {
        api.MapGet("/links/export", Export)
            .Produces(200, contentType: "text/csv", additionalContentTypes: "application/json");
        api.MapPost("/links/imports", Import)
            .Accepts<IFormFile>("application/octet-stream", "text/csv", "application/vnd.madang.links+json")
            .WithMetadata(new RequestSizeLimitAttribute(LinkFile.MostBytes))
            .LimitsImports()
            .Refuses(409, 422);
        api.MapGet("/links/imports/{id:long}", Read).Refuses(404);
        api.MapPost("/links/imports/{id:long}/run", Run).Refuses(404, 409);
    }

    /// <summary>Downloads links with their tags and totals, as CSV or JSON. Either can be imported again, here or elsewhere.</summary>
    public static PushStreamHttpResult Export(
        [AsParameters] LinkExportQuery query,
        LinkExport export,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"madang-links-{clock.GetUtcNow():yyyy-MM-dd}");
        var withTeam = query.Scope == "all";
        return query.Format == "json"
            ? TypedResults.Stream(
                to => export.WriteJson(to, me.Id, withTeam, null, stop),
                "application/json",
                $"{name}.json"
            )
            : TypedResults.Stream(
                to => export.WriteCsv(to, me.Id, withTeam, null, stop),
                "text/csv; charset=utf-8",
                $"{name}.csv"
            );
    }

    /// <summary>Imports links: the body is a file of at most 32 MiB and 100,000 links. It runs by itself; read it to see how far it is.</summary>
    public static async Task<Results<Made<LinkImport>, Refused>> Import(
        [AsParameters] LinkImportQuery query,
        Once once,
        LinkImporting importing,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await importing.Receive(http.Request.Body, stop) is not { } file)
        {
            return new Refused(StatusCodes.Status400BadRequest, "moving.nothing", LinksWords.Say);
        }
        return await importing.Begin(
            file,
            begun =>
                once.TryCreate<LinkImport>(
                    async sql =>
                        await LinkImportStore.Add(
                            sql,
                            query.PlanFor(me.Id, http),
                            begun,
                            importing.Runner,
                            file,
                            query.Called,
                            query.DryRun == true
                        )
                            is { } row
                            ? (LinkImport.Of(row, sql.Now), null)
                            : (null, OneAtATime),
                    import => $"/api/v1/links/imports/{import.Id}",
                    stop
                )
        );
    }

    /// <summary>Reads an import: how far it is, and what came or would come of each line.</summary>
    public static async Task<Results<Ok<LinkImport>, Refused>> Read(
        long id,
        LinkImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await imports.Find(id, me.Id, stop) is { } row
            ? TypedResults.Ok(LinkImport.Of(row, clock.GetUtcNow()))
            : new Refused(StatusCodes.Status404NotFound);
    }

    /// <summary>Does what a dry run said. Asked again, it tells how far it is.</summary>
    public static async Task<Results<Ok<LinkImport>, Refused>> Run(
        long id,
        LinkImporting importing,
        LinkImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await importing.Run(id, me.Id, stop) is { } row)
        {
            return TypedResults.Ok(LinkImport.Of(row, clock.GetUtcNow()));
        }
        return await imports.Find(id, me.Id, stop) is null ? new Refused(StatusCodes.Status404NotFound) : CannotRun;
    }

    internal static Refused CannotRun => new(StatusCodes.Status409Conflict, "moving.cannot_run", LinksWords.Say);

    internal static Refused OneAtATime => new(StatusCodes.Status409Conflict, "moving.one_at_a_time", LinksWords.Say);
}
