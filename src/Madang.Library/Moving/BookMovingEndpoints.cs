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
using Microsoft.Extensions.Options;

namespace Madang.Library.Moving;

/// <summary>How books are exported.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
public sealed record BookExportQuery
{
    /// <summary><c>csv</c> (when left out), <c>json</c> or <c>marc</c>.</summary>
    [Description("csv (when left out), json or marc (MARC 21 in UTF-8).")]
    [FromQuery(Name = "format"), OneOf("csv", "json", "marc")]
    public string? Format { get; init; }
}

/// <summary>How a file of books is imported.</summary>
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record BookImportQuery
{
    /// <summary>Whose file it is; its content tells, when left out.</summary>
    [Description("Whose file it is; its content tells, when left out.")]
    [FromQuery(Name = "from"), OneOf("madang", "goodreads", "sheet", "marc", "kormarc")]
    public string? From { get; init; }

    /// <summary>Whether it only tells what would happen.</summary>
    [Description("Whether it only tells what would happen.")]
    [FromQuery(Name = "dry_run")]
    public bool? DryRun { get; init; }

    /// <summary>What the file is called, to be told apart from others.</summary>
    [Description("What the file is called, to be told apart from others.")]
    [FromQuery(Name = "file_name"), Longest(200)]
    public string? FileName { get; init; }

    internal string Called => string.IsNullOrWhiteSpace(FileName) ? "books" : Fold.Clean(FileName);
}

/// <summary>Taking books out, and bringing books in from elsewhere.</summary>
public static class BookMovingEndpoints
{
    internal static void MapMovingOfBooks(this RouteGroupBuilder api)
    {
        api.MapGet("/books/export", Export)
            .Produces(200, contentType: "text/csv", additionalContentTypes: ["application/json", "application/marc"]);
        api.MapPost("/books/imports", Import)
            .Accepts<IFormFile>("application/octet-stream", "text/csv", "application/marc")
            .WithMetadata(new RequestSizeLimitAttribute(BookFile.MostBytes))
            .LimitsImports()
            .Refuses(403, 409, 422);
        api.MapGet("/books/imports/{id:long}", Read).Refuses(404);
        api.MapGet("/books/imports/{id:long}/lines", Lines).Produces(200, contentType: "text/csv").Refuses(404);
        api.MapPost("/books/imports/{id:long}/run", Run).Refuses(403, 404, 409);
    }

    /// <summary>Downloads all books with their tags and stock, as CSV, JSON or MARC 21. Each can be imported again.</summary>
    public static PushStreamHttpResult Export(
        [AsParameters] BookExportQuery query,
        BookExport export,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var format = query.Format ?? "csv";
        var (type, ending) = format switch
        {
            "json" => ("application/json", "json"),
            "marc" => ("application/marc", "mrc"),
            _ => ("text/csv; charset=utf-8", "csv"),
        };
        return TypedResults.Stream(
            to => export.Write(format, to, null, stop),
            type,
            string.Create(CultureInfo.InvariantCulture, $"madang-books-{clock.GetUtcNow():yyyy-MM-dd}.{ending}")
        );
    }

    /// <summary>Imports books: the body is a file of at most 100 MiB and 100,000 books. It runs by itself; read it to see how far it is.</summary>
    public static async Task<Results<Made<BookImport>, Refused>> Import(
        [AsParameters] BookImportQuery query,
        Once once,
        BookImporting importing,
        IOptions<LibrarySettings> settings,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!settings.Value.IsEditor(me))
        {
            return new Refused(StatusCodes.Status403Forbidden);
        }
        if (await importing.Receive(http.Request.Body, stop) is not { } file)
        {
            return new Refused(StatusCodes.Status400BadRequest, "library.moving.nothing", LibraryWords.Say);
        }
        return await importing.Begin(
            file,
            begun =>
                once.TryCreate<BookImport>(
                    async sql =>
                        await BookImportStore.Add(
                            sql,
                            me.Id,
                            query.From,
                            begun,
                            importing.Runner,
                            file,
                            query.Called,
                            query.DryRun == true
                        )
                            is { } row
                            ? (BookImport.Of(row, sql.Now), null)
                            : (null, OneAtATime),
                    import => $"/api/v1/books/imports/{import.Id}",
                    stop
                )
        );
    }

    /// <summary>Reads one of one's own imports: how far it is, and what came or would come of each book.</summary>
    public static async Task<Results<Ok<BookImport>, Refused>> Read(
        long id,
        BookImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await imports.Find(id, me.Id, stop) is { } row
            ? TypedResults.Ok(BookImport.Of(row, clock.GetUtcNow()))
            : new Refused(StatusCodes.Status404NotFound);
    }

    /// <summary>Downloads what came, or would come, of every line of one of one's own imports so far, as CSV.</summary>
    public static async Task<Results<PushStreamHttpResult, Refused>> Lines(
        long id,
        BookImportStore imports,
        BookImportLines lines,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await imports.Find(id, me.Id, stop) is { } row
            ? TypedResults.Stream(
                to => lines.WriteCsv(row, to, stop),
                "text/csv; charset=utf-8",
                string.Create(CultureInfo.InvariantCulture, $"madang-import-{id}.csv")
            )
            : new Refused(StatusCodes.Status404NotFound);
    }

    /// <summary>Does what a dry run said. Asked again, it tells how far it is.</summary>
    public static async Task<Results<Ok<BookImport>, Refused>> Run(
        long id,
        BookImporting importing,
        BookImportStore imports,
        IOptions<LibrarySettings> settings,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (!settings.Value.IsEditor(me))
        {
            return new Refused(StatusCodes.Status403Forbidden);
        }
        if (await importing.Run(id, me.Id, stop) is { } row)
        {
            return TypedResults.Ok(BookImport.Of(row, clock.GetUtcNow()));
        }
        return await imports.Find(id, me.Id, stop) is null ? new Refused(StatusCodes.Status404NotFound) : CannotRun;
    }

    internal static Refused CannotRun =>
        new(StatusCodes.Status409Conflict, "library.moving.cannot_run", LibraryWords.Say);

    internal static Refused OneAtATime =>
        new(StatusCodes.Status409Conflict, "library.moving.one_at_a_time", LibraryWords.Say);
}
