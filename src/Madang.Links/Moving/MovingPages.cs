using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Moving;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Moving;

/// <summary>The pages on which links are taken out and brought in.</summary>
internal static class MovingPages
{
    private const string Path = "/links/import";
    private const int Last = 5;

    internal static void MapMovingPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AsPage();
        routes
            .MapPost(Path, Try)
            .AsForm()
            .LimitsImports()
            .WithMetadata(new RequestSizeLimitAttribute(LinkFile.MostBytes + (64 * 1024)));
        routes.MapGet($"{Path}/{{id:long}}", ShowOne).AsPage();
        routes.MapPost($"{Path}/{{id:long}}/run", Run).AsForm();
        routes.MapBulkPage();
    }

    private static Task<IResult> Show(
        LinkImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    ) => Page(null, null, imports, clock, me, stop);

    /// <summary>What would happen is always told first.</summary>
    private static async Task<IResult> Try(
        HttpContext http,
        Database db,
        LinkImporting importing,
        LinkImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var form = await http.Request.ReadFormAsync(stop);
        var from = form["from"].ToString();
        if (form.Files.GetFile("file") is not { Length: > 0 } upload || !LinkSource.Names.Contains(from))
        {
            return await Page(LinksWords.Say["moving.no_file"], from, imports, clock, me, stop);
        }
        var query = new LinkImportQuery
        {
            From = from,
            NewSlugs = form["new_slugs"].Count > 0,
            FileName = UploadName.Of(upload.FileName),
        };
        await using var content = upload.OpenReadStream();
        var file = (await importing.Receive(content, stop))!;
        var row = await importing.Begin(
            file,
            begun =>
                db.Write(
                    sql =>
                        LinkImportStore.Add(
                            sql,
                            query.PlanFor(me.Id, http),
                            begun,
                            importing.Runner,
                            file,
                            query.Called,
                            isDryRun: true
                        ),
                    stop
                )
        );
        return row is null
            ? await Page(MovingEndpoints.OneAtATime.Sentence, from, imports, clock, me, stop)
            : Pages.GoTo($"{Path}/{row.Id}");
    }

    private static async Task<IResult> ShowOne(
        long id,
        LinkImportStore imports,
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
        var view = LinkImport.Of(row, clock.GetUtcNow());
        if (view.IsOpen)
        {
            // The page follows its progress without a script.
            response.Headers["Refresh"] = $"1; url={Path}/{id}";
        }
        return Pages.Show<LinkImportPage>(
            new { View = view, CanRun = row is { IsDryRun: true, State: "done", File: not null } }
        );
    }

    private static async Task<IResult> Run(
        long id,
        LinkImporting importing,
        LinkImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await importing.Run(id, me.Id, stop) is not null)
        {
            return Pages.GoTo($"{Path}/{id}");
        }
        if (await imports.Find(id, me.Id, stop) is not { } row)
        {
            return Pages.Failure(StatusCodes.Status404NotFound);
        }
        var refused = MovingEndpoints.CannotRun;
        return await Page(refused.Sentence, row.Source, imports, clock, me, stop, refused.StatusCode!.Value);
    }

    private static async Task<IResult> Page(
        string? wrong,
        string? from,
        LinkImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop,
        int status = StatusCodes.Status400BadRequest
    )
    {
        var rows = await imports.Last(me.Id, Last, stop);
        return Pages.Show<LinkMovingPage>(
            new
            {
                Wrong = wrong,
                From = from,
                Imports = rows.ConvertAll(row => LinkImport.Of(row, clock.GetUtcNow())),
            },
            wrong is null ? StatusCodes.Status200OK : status
        );
    }
}
