using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Moving;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Madang.Library.Moving;

/// <summary>The pages on which books are taken out and brought in.</summary>
internal static class BookMovingPages
{
    private const string Path = "/library/move";
    private const int Last = 5;

    internal static void MapLibraryMovingPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AsPage();
        routes
            .MapPost(Path, Try)
            .AsForm()
            .LimitsImports()
            .WithMetadata(new RequestSizeLimitAttribute(BookFile.MostBytes + (64 * 1024)));
        routes.MapGet($"{Path}/{{id:long}}", ShowOne).AsPage();
        routes.MapPost($"{Path}/{{id:long}}/run", Run).AsForm();
    }

    private static Task<IResult> Show(
        BookImportStore imports,
        IOptions<LibrarySettings> settings,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    ) => Page(null, null, imports, settings, clock, me, stop);

    /// <summary>What would happen is always told first.</summary>
    private static async Task<IResult> Try(
        HttpContext http,
        Database db,
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
            return Pages.Failure(StatusCodes.Status403Forbidden);
        }
        var form = await http.Request.ReadFormAsync(stop);
        var from = form["from"].ToString();
        if (
            form.Files.GetFile("file") is not { Length: > 0 } upload
            || !(from.Length == 0 || BookFile.Sources.Contains(from))
        )
        {
            return await Page(LibraryWords.Say["library.moving.no_file"], from, imports, settings, clock, me, stop);
        }
        var name = new BookImportQuery { FileName = UploadName.Of(upload.FileName) }.Called;
        await using var content = upload.OpenReadStream();
        var file = (await importing.Receive(content, stop))!;
        var row = await importing.Begin(
            file,
            begun =>
                db.Write(
                    sql =>
                        BookImportStore.Add(
                            sql,
                            me.Id,
                            from.Length == 0 ? null : from,
                            begun,
                            importing.Runner,
                            file,
                            name,
                            isDryRun: true
                        ),
                    stop
                )
        );
        return row is null
            ? await Page(BookMovingEndpoints.OneAtATime.Sentence, from, imports, settings, clock, me, stop)
            : Pages.GoTo($"{Path}/{row.Id}");
    }

    private static async Task<IResult> ShowOne(
        long id,
        BookImportStore imports,
        TimeProvider clock,
        HttpResponse response,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await imports.Find(id, me.Id, stop) is not { } row)
        {
            return Pages.Failure(StatusCodes.Status404NotFound);
        }
        var view = BookImport.Of(row, clock.GetUtcNow());
        if (view.IsOpen)
        {
            // The page follows its progress without a script.
            response.Headers["Refresh"] = $"1; url={Path}/{id}";
        }
        return Pages.Show<BookImportPage>(
            new { View = view, CanRun = row is { IsDryRun: true, State: "done", File: not null } }
        );
    }

    private static async Task<IResult> Run(
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
            return Pages.Failure(StatusCodes.Status403Forbidden);
        }
        if (await importing.Run(id, me.Id, stop) is not null)
        {
            return Pages.GoTo($"{Path}/{id}");
        }
        if (await imports.Find(id, me.Id, stop) is not { } row)
        {
            return Pages.Failure(StatusCodes.Status404NotFound);
        }
        var refused = BookMovingEndpoints.CannotRun;
        return await Page(refused.Sentence, row.Source, imports, settings, clock, me, stop, refused.StatusCode!.Value);
    }

    private static async Task<IResult> Page(
        string? wrong,
        string? from,
        BookImportStore imports,
        IOptions<LibrarySettings> settings,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop,
        int status = StatusCodes.Status400BadRequest
    )
    {
        var rows = await imports.Last(me.Id, Last, stop);
        return Pages.Show<BookMovingPage>(
            new
            {
                Wrong = wrong,
                From = from,
                IsEditor = settings.Value.IsEditor(me),
                Imports = rows.ConvertAll(row => BookImport.Of(row, clock.GetUtcNow())),
            },
            wrong is null ? StatusCodes.Status200OK : status
        );
    }
}
