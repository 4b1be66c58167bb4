using System.ComponentModel;
using System.Globalization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Memos.Moving;

/// <summary>Which kind of export.</summary>
[ValidatableType]
public sealed record ExportQuery
{
    /// <summary><c>zip</c> (when left out): Markdown files and pictures; or <c>json</c>.</summary>
    [Description("zip (when left out): Markdown files and pictures; or json.")]
    [FromQuery(Name = "format"), OneOf("zip", "json")]
    public string? Format { get; init; }
}

/// <summary>How a file is imported.</summary>
[ValidatableType]
public sealed record ImportQuery
{
    /// <summary>Whether it only tells what would happen.</summary>
    [Description("Whether it only tells what would happen.")]
    [FromQuery(Name = "dry_run")]
    public bool? DryRun { get; init; }

    /// <summary>Of a database of several people: the name of the one whose memos are meant.</summary>
    [Description("Of a database of several people: the name of the one whose memos are meant.")]
    [FromQuery(Name = "author"), Longest(200)]
    public string? Author { get; init; }

    /// <summary>What the file is called, to be told apart from others.</summary>
    [Description("What the file is called, to be told apart from others.")]
    [FromQuery(Name = "file_name"), Longest(200)]
    public string? FileName { get; init; }
}

/// <summary>Taking all of one's memos out, and bringing memos in from elsewhere.</summary>
public static class MovingEndpoints
{
    internal static void MapMoving(this RouteGroupBuilder api)
    {
        api.MapGet("/memos/export", Export)
            .Produces(200, contentType: "application/zip", additionalContentTypes: "application/json");
        api.MapPost("/memos/imports", Import)
            .Accepts<IFormFile>("application/octet-stream", "application/zip", "application/vnd.sqlite3")
            .WithMetadata(new RequestSizeLimitAttribute(ImportFile.MostBytes))
            .Refuses(409, 422)
            .Add(endpoint => endpoint.RequestDelegate = Importing.InTurn(endpoint.RequestDelegate!));
        api.MapGet("/memos/imports/{id:long}", Read).Refuses(404);
        api.MapPost("/memos/imports/{id:long}/run", Run).Refuses(404, 409);
    }

    /// <summary>Downloads all of one's memos but those in the trash: Markdown files and pictures in a zip, or one JSON text.</summary>
    public static PushStreamHttpResult Export(
        [AsParameters] ExportQuery query,
        MemoFiles files,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"madang-memos-{clock.GetUtcNow():yyyy-MM-dd}");
        return query.Format == "json"
            ? TypedResults.Stream(
                to => files.WriteJson(to, me.Id, withTrash: false, null, stop),
                "application/json",
                $"{name}.json"
            )
            : TypedResults.Stream(to => files.WriteZip(to, me.Id, null, stop), "application/zip", $"{name}.zip");
    }

    /// <summary>Imports memos: the body is a file of at most 256 MiB, an export of a yard (zip or JSON) or of usememos (JSON, or its database). It runs by itself; read it to see how far it is.</summary>
    public static async Task<Results<Made<ImportView>, Refused>> Import(
        [AsParameters] ImportQuery query,
        Once once,
        Importing importing,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var file = await importing.Receive(request.Body, stop);
        return file is null
            ? new Refused(StatusCodes.Status400BadRequest, "moving.nothing", MemosWords.Say)
            : await importing.Begin(query, file, once, me.Id, stop);
    }

    /// <summary>Reads an import: how far it is, and what came or would come of it.</summary>
    public static async Task<Results<Ok<ImportView>, Refused>> Read(
        long id,
        ImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await imports.Find(id, me.Id, stop) is { } row
            ? TypedResults.Ok(ImportView.Of(row, clock.GetUtcNow()))
            : new Refused(StatusCodes.Status404NotFound);
    }

    /// <summary>Does what a dry run said. Asked again, it tells how far it is.</summary>
    public static async Task<Results<Ok<ImportView>, Refused>> Run(
        long id,
        Importing importing,
        ImportStore imports,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await importing.Run(id, me.Id, stop) is { } view)
        {
            return TypedResults.Ok(view);
        }
        return await imports.Find(id, me.Id, stop) is null
            ? new Refused(StatusCodes.Status404NotFound)
            : new Refused(StatusCodes.Status409Conflict, "moving.cannot_run", MemosWords.Say);
    }
}
