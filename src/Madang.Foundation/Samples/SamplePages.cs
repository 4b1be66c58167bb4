using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Samples;

/// <summary>Sample data by one click for an admin with an empty yard, and away again by one.</summary>
internal static class SamplePages
{
    internal static void MapSamples(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/samples", Add).AsForm().ForAdmins();
        routes.MapPost("/samples/remove", Remove).AsForm().ForAdmins();
    }

    private static async Task<IResult> Add(
        HttpRequest request,
        IEnumerable<ISampleSource> sources,
        CurrentUser me,
        CancellationToken stop
    )
    {
        await AddFew(sources, me.Id, stop);
        return await Back(request, stop);
    }

    private static async Task<IResult> Remove(
        HttpRequest request,
        IEnumerable<ISampleSource> sources,
        CurrentUser me,
        CancellationToken stop
    )
    {
        foreach (var source in sources)
        {
            await source.Remove(me.Id, stop);
        }
        return await Back(request, stop);
    }

    /// <summary>In the language that the page is in.</summary>
    internal static async Task AddFew(IEnumerable<ISampleSource> sources, long user, CancellationToken stop)
    {
        var language = System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        foreach (var source in sources)
        {
            await source.Add([new(user, language)], SampleSize.Few, (_, _) => { }, stop);
        }
    }

    private static async Task<IResult> Back(HttpRequest request, CancellationToken stop) =>
        Pages.GoTo(Pages.Local((await request.ReadFormAsync(stop))["next"]));
}
