using Madang.Foundation.Accounts;
using Madang.Foundation.Moving;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Memos.Moving;

/// <summary>The pages on which memos are taken out and brought in.</summary>
internal static class MovingPages
{
    private const int Last = 5;

    internal static void MapMovingPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/memos/move", Show).AsPage();
        routes
            .MapPost("/memos/move", Try)
            // Before the form's token is looked at: the file comes with it.
            .AddEndpointFilter(InTurn)
            .AsForm()
            .WithMetadata(new RequestSizeLimitAttribute(ImportFile.MostBytes + (64 * 1024)));
        routes.MapGet("/memos/move/{id:long}", ShowOne).AsPage();
        routes.MapPost("/memos/move/{id:long}/run", Run).AsForm();
    }

    private static Task<IResult> Show(
        ImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    ) => Page(null, imports, clock, me, stop);

    /// <summary>Lets a form come only when its import may begin.</summary>
    private static async ValueTask<object?> InTurn(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (all, me, stop) = (http.RequestServices, CurrentUser.Of(http)!, http.RequestAborted);
        using var turn = await all.GetRequiredService<Importing>().TakeTurn(me.Id, null, stop);
        return turn is not null
            ? await next(context)
            : await Page(
                Importing.OneAtATime.Sentence,
                all.GetRequiredService<ImportStore>(),
                all.GetRequiredService<TimeProvider>(),
                me,
                stop
            );
    }

    /// <summary>What would happen is always told first.</summary>
    private static async Task<IResult> Try(
        HttpRequest request,
        Importing importing,
        ImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var form = await request.ReadFormAsync(stop);
        if (form.Files.GetFile("file") is not { Length: > 0 } upload)
        {
            return await Page(MemosWords.Say["moving.no_file"], imports, clock, me, stop);
        }
        await using var content = upload.OpenReadStream();
        var file = await importing.Receive(content, stop);
        var query = new ImportQuery
        {
            DryRun = true,
            Author = UploadName.Clean(form["author"].ToString()),
            FileName = UploadName.Of(upload.FileName),
        };
        var (view, refused) = await importing.Begin(query, file!, me.Id, stop);
        return view is null
            ? await Page(refused!.Sentence, imports, clock, me, stop)
            : Pages.GoTo($"/memos/move/{view.Id}");
    }

    private static async Task<IResult> ShowOne(
        long id,
        ImportStore imports,
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
        var view = ImportView.Of(row, clock.GetUtcNow());
        if (view.IsOpen)
        {
            // The page follows its progress without a script.
            response.Headers["Refresh"] = $"1; url=/memos/move/{id}";
        }
        return Pages.Show<ImportPage>(
            new { View = view, CanRun = row is { IsDryRun: true, State: "done", File: not null } }
        );
    }

    private static async Task<IResult> Run(long id, Importing importing, CurrentUser me, CancellationToken stop) =>
        await importing.Run(id, me.Id, stop) is null
            ? Pages.Failure(StatusCodes.Status404NotFound)
            : Pages.GoTo($"/memos/move/{id}");

    private static async Task<IResult> Page(
        string? wrong,
        ImportStore imports,
        TimeProvider clock,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var rows = await imports.Last(me.Id, Last, stop);
        return Pages.Show<MovingPage>(
            new { Wrong = wrong, Imports = rows.ConvertAll(row => ImportView.Of(row, clock.GetUtcNow())) },
            wrong is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
    }
}
