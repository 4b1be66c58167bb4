using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Library.Tagging;

/// <summary>The pages of tags: anyone makes them, admins rename and delete them.</summary>
internal static class TagPages
{
    internal const string Path = "/library/tags";

    /// <summary>So many that a page stays under 30 KB.</summary>
    private const int PageSize = 30;

    internal static void MapTagPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AsPage();
        routes.MapPost(Path, Make).AsForm();
        routes.MapGet($"{Path}/{{id:long}}", ShowTag).AsPage().ForAdmins();
        routes.MapPost($"{Path}/{{id:long}}", Rename).AsForm().ForAdmins();
        routes.MapPost($"{Path}/{{id:long}}/delete", Delete).AsForm().ForAdmins();
    }

    private static Task<IResult> Show(
        [AsParameters] PageQuery page,
        string? did,
        TagStore tags,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    ) => List(page, did, null, tags, request, me, stop);

    private static async Task<IResult> Make(
        Form<TagInput> form,
        Database db,
        TagStore tags,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is { } input)
        {
            var (tag, refused) = await db.Write(sql => TagStore.Add(sql, input), stop);
            if (tag is not null)
            {
                return Pages.GoTo($"{Path}?did=made");
            }
            form = form.With(BesideField(refused!));
        }
        return await List(new(), null, form, tags, request, me, stop);
    }

    private static Task<IResult> ShowTag(long id, TagStore tags, CancellationToken stop) => One(id, null, tags, stop);

    private static async Task<IResult> Rename(long id, Form<TagInput> form, TagStore tags, CancellationToken stop)
    {
        if (form.Input is { } input)
        {
            var (tag, refused) = await tags.Rename(id, Precondition.None, input, stop);
            if (tag is not null)
            {
                return Pages.GoTo($"{Path}?did=renamed");
            }
            form = form.With(BesideField(refused!));
        }
        return await One(id, form, tags, stop);
    }

    private static async Task<IResult> Delete(long id, TagStore tags, CancellationToken stop) =>
        await tags.Delete(id, Precondition.None, stop) is { } refused
            ? Pages.Failure(refused.StatusCode!.Value)
            : Pages.GoTo($"{Path}?did=deleted");

    private static async Task<IResult> List(
        PageQuery page,
        string? did,
        IForm? form,
        TagStore tags,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        page = page with { PageSize = PageSize };
        var (count, found) = await tags.Counted(page.Offset, page.Size, stop);
        return Pages.Show<TagsPage>(
            new
            {
                Page = Page<CountedTag>.Of(request, page, count, found),
                News = did switch
                {
                    "made" => LibraryWords.Say["library.tags.made"],
                    "renamed" => LibraryWords.Say["library.tags.renamed"],
                    "deleted" => LibraryWords.Say["library.tags.deleted"],
                    _ => null,
                },
                me.IsAdmin,
                Form = form,
            },
            form?.Status ?? StatusCodes.Status200OK
        );
    }

    private static async Task<IResult> One(long id, IForm? form, TagStore tags, CancellationToken stop) =>
        await tags.Find(id, stop) is { } tag
            ? Pages.Show<TagPage>(new { Tag = tag, Form = form }, form?.Status ?? StatusCodes.Status200OK)
            : Pages.Failure(StatusCodes.Status404NotFound);

    /// <summary>That another tag has the name is said beside the name.</summary>
    private static Refused BesideField(Refused refused) =>
        refused.StatusCode == StatusCodes.Status409Conflict
            ? new(StatusCodes.Status409Conflict)
            {
                Errors = new Dictionary<string, string[]> { ["name"] = [refused.Sentence] },
            }
            : refused;
}
