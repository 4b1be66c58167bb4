using System.ComponentModel;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Memos.Reading;

/// <summary>Which memos to list.</summary>
[ValidatableType]
public sealed record MemoQuery
{
    /// <summary><c>mine</c> (when left out) or <c>team</c>: everybody's team memos.</summary>
    [Description("mine (when left out), or team: everybody's team memos.")]
    [FromQuery(Name = "scope"), OneOf("mine", "team")]
    public string? Scope { get; init; }

    /// <summary>Only memos whose text contains this, any case; two Korean syllables are enough.</summary>
    [Description("Only memos whose text contains this, any case; two Korean syllables are enough.")]
    [FromQuery(Name = "q"), Longest(200)]
    public string? Q { get; init; }

    /// <summary>Only memos with this tag, or one nested in it.</summary>
    [Description("Only memos with this tag, or one nested in it.")]
    [FromQuery(Name = "tag"), Longest(MemoTags.LongestTag + 1)]
    public string? Tag { get; init; }

    /// <summary>Only pinned memos, or only others.</summary>
    [Description("Only pinned memos, or only others.")]
    [FromQuery(Name = "pinned")]
    public bool? Pinned { get; init; }

    /// <summary>The memos that are put away, instead of those in use.</summary>
    [Description("The memos that are put away, instead of those in use.")]
    [FromQuery(Name = "archived")]
    public bool? Archived { get; init; }

    internal MemoFilter Filter => new(Scope == "team", Q, Tag, Pinned, Archived == true);
}

/// <summary>Reading memos: one's own, and the team's.</summary>
public static class MemoListEndpoints
{
    internal static void MapReading(this RouteGroupBuilder api)
    {
        api.MapGet("/memos", List).FollowsFromData();
        api.MapGet("/memos/{id:long}", Read).Refuses(404).FollowsFromData();
        api.MapGet("/memos/{id:long}/history", History).Refuses(404).FollowsFromData();
    }

    /// <summary>Lists memos, newest first.</summary>
    public static async Task<Ok<CursorPage<Memo>>> List(
        [AsParameters] MemoQuery query,
        [AsParameters] CursorQuery page,
        MemoLists memos,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        var found = await memos.List(query.Filter, me.Id, page.Cursor, page.Size, stop);
        return TypedResults.Ok(
            CursorPage<Memo>.Of(request, page.Cursor, page.Size, found, memo => (memo.CreatedAt, memo.Id))
        );
    }

    /// <summary>Reads one of one's own memos, or a team memo.</summary>
    public static async Task<Results<Ok<Memo>, Refused>> Read(
        long id,
        MemoLists memos,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await memos.Find(id, me.Id, stop) is { } memo
            ? TypedResults.Ok(memo)
            : new Refused(StatusCodes.Status404NotFound);
    }

    /// <summary>Lists the earlier texts of one's own memo, newest first.</summary>
    public static async Task<Results<Ok<CursorPage<MemoVersion>>, Refused>> History(
        long id,
        [AsParameters] CursorQuery page,
        MemoLists memos,
        HttpRequest request,
        CurrentUser me,
        CancellationToken stop
    )
    {
        return await memos.History(id, me.Id, page.Cursor, page.Size, stop) is { } found
            ? TypedResults.Ok(
                CursorPage<MemoVersion>.Of(
                    request,
                    page.Cursor,
                    page.Size,
                    found,
                    version => (version.WrittenAt, version.Id)
                )
            )
            : new Refused(StatusCodes.Status404NotFound);
    }
}
