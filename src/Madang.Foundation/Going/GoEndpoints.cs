using System.ComponentModel;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Going;

/// <summary>Where to go.</summary>
[ValidatableType]
public sealed record GoQuery
{
    /// <summary>What to look for; all commands when left out.</summary>
    [Description("What to look for; all commands when left out.")]
    [FromQuery(Name = "q"), Longest(200)]
    public string? Q { get; init; }
}

/// <summary>A command as clients see it.</summary>
/// <param name="Path">Where it leads.</param>
/// <param name="Word">Its word, in the language of the request.</param>
/// <param name="Icon">The name of its icon.</param>
/// <param name="Keys">Its keys, or null.</param>
public sealed record CommandView(string Path, string Word, string Icon, string? Keys);

/// <summary>What answers a search of the command box.</summary>
/// <param name="Commands">Places to go and things to make.</param>
/// <param name="Found">The newest things of all rooms that contain what was sought; none when nothing was.</param>
public sealed record GoView(IReadOnlyList<CommandView> Commands, IReadOnlyList<FoundThing> Found);

/// <summary>The command box: as a call for the dialog that opens over a page, and as a page of its own.</summary>
public static class GoEndpoints
{
    /// <summary>So many of each room.</summary>
    private const int Most = 8;

    internal static void MapGo(this IEndpointRouteBuilder routes, RouteGroupBuilder api)
    {
        api.MapGet("/go", Find);
        routes.MapGet("/go", ShowGo).AsPage();
        routes.MapGet("/docs/keys", ShowKeys).AsPage();
    }

    /// <summary>Finds places to go, things to make, and what the rooms hold.</summary>
    public static async Task<Ok<GoView>> Find(
        [AsParameters] GoQuery query,
        IEnumerable<ISearchSource> sources,
        Rooms rooms,
        CurrentUser me,
        CancellationToken stop
    ) => TypedResults.Ok(await Search(query.Q, sources, rooms, me, stop));

    private static async Task<IResult> ShowGo(
        [AsParameters] GoQuery query,
        IEnumerable<ISearchSource> sources,
        Rooms rooms,
        CurrentUser me,
        CancellationToken stop
    ) => Pages.Show<GoPage>(new { Sought = query.Q, View = await Search(query.Q, sources, rooms, me, stop) });

    private static IResult ShowKeys(Rooms rooms, CurrentUser me) =>
        Pages.Show<KeysPage>(
            new { Commands = Commands.For(me, rooms).Where(command => command.Keys is not null).ToList() }
        );

    private static async Task<GoView> Search(
        string? sought,
        IEnumerable<ISearchSource> sources,
        Rooms rooms,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var words = sought?.Trim() ?? "";
        var found = new List<FoundThing>();
        foreach (var source in words.Length == 0 ? [] : sources)
        {
            found.AddRange(await source.Search(words, me.Id, Most, stop));
        }
        var commands = Commands.Matching(words, me, rooms).Select(View).ToList();
        return new(commands, found);
    }

    private static CommandView View(Command command) => new(command.Path, command.Word(), command.Icon, command.Keys);
}
