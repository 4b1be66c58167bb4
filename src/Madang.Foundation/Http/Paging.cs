using System.ComponentModel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Madang.Foundation.Http;

/// <summary>The query of a list that has pages.</summary>
[ValidatableType]
public sealed record PageQuery
{
    /// <summary>The page, from 1.</summary>
    [Description("The page, from 1.")]
    [FromQuery(Name = "page"), Between(1, int.MaxValue)]
    public int? Page { get; init; }

    /// <summary>Things on a page, 1 to 500; 20 when left out.</summary>
    [Description("Things on a page, 1 to 500; 20 when left out.")]
    [FromQuery(Name = "page_size"), Between(1, 500)]
    public int? PageSize { get; init; }

    /// <summary>Things on a page.</summary>
    public int Size => PageSize ?? 20;

    /// <summary>Things on the pages before.</summary>
    public long Offset => ((Page ?? 1) - 1L) * Size;
}

/// <summary>The query of a list that grows without bound.</summary>
[ValidatableType]
public sealed record CursorQuery
{
    /// <summary>Where to go on: taken from <c>next</c> or <c>previous</c> of another page.</summary>
    [Description("Where to go on: taken from next or previous of another page.")]
    [FromQuery(Name = "cursor")]
    public Cursor? Cursor { get; init; }

    /// <summary>Things on a page, 1 to 500; 20 when left out.</summary>
    [Description("Things on a page, 1 to 500; 20 when left out.")]
    [FromQuery(Name = "page_size"), Between(1, 500)]
    public int? PageSize { get; init; }

    /// <summary>Things on a page.</summary>
    public int Size => PageSize ?? 20;
}

/// <summary>One page of a list.</summary>
/// <param name="Count">How many things the whole list has.</param>
/// <param name="Next">The URL of the next page, or null.</param>
/// <param name="Previous">The URL of the page before, or null.</param>
/// <param name="Results">The things.</param>
public sealed record Page<T>(long Count, string? Next, string? Previous, IReadOnlyList<T> Results) : IPage
{
    long? IPage.Count => Count;

    object IPage.Results => Results;

    /// <summary>Makes the page that was asked for.</summary>
    /// <param name="request">Whose URL the neighbours' are made of.</param>
    /// <param name="query">Which page.</param>
    /// <param name="count">How many things the whole list has.</param>
    /// <param name="results">Those of this page.</param>
    public static Page<T> Of(HttpRequest request, PageQuery query, long count, IReadOnlyList<T> results) =>
        Of(page => PageUrl.With(request, "page", $"{page}"), query, count, results);

    /// <summary>Makes the page that was asked for.</summary>
    /// <param name="url">The URL of a page, by its number.</param>
    /// <param name="query">Which page.</param>
    /// <param name="count">How many things the whole list has.</param>
    /// <param name="results">Those of this page.</param>
    public static Page<T> Of(Func<long, string> url, PageQuery query, long count, IReadOnlyList<T> results)
    {
        var page = query.Page ?? 1;
        return new(
            count,
            query.Offset + query.Size < count ? url(page + 1L) : null,
            page > 1 && count > 0 ? url(Math.Min(page - 1L, (count + query.Size - 1) / query.Size)) : null,
            results
        );
    }
}

/// <summary>One page of a list that grows without bound.</summary>
/// <param name="Next">The URL of what comes after, or null.</param>
/// <param name="Previous">The URL of what comes before, or null.</param>
/// <param name="Results">The things.</param>
public sealed record CursorPage<T>(string? Next, string? Previous, IReadOnlyList<T> Results) : IPage
{
    long? IPage.Count => null;

    object IPage.Results => Results;

    /// <summary>Makes the page that was asked for out of what the database had.</summary>
    /// <param name="request">Whose URL the neighbours' are made of.</param>
    /// <param name="cursor">Where the page began, or null for the start.</param>
    /// <param name="size">Things on a page.</param>
    /// <param name="found">In the cursor's direction, one more than the page holds where there are more.</param>
    /// <param name="place">The place of a thing in the list.</param>
    public static CursorPage<T> Of(
        HttpRequest request,
        Cursor? cursor,
        int size,
        List<T> found,
        Func<T, (DateTimeOffset At, long Id)> place
    )
    {
        var isBackward = cursor?.IsBackward ?? false;
        var hasMore = found.Count > size;
        var results = found.GetRange(0, Math.Min(size, found.Count));
        if (isBackward)
        {
            results.Reverse();
        }
        if (results.Count == 0)
        {
            // Past an end: the way back begins at the place that was asked for.
            return new(
                isBackward ? PageUrl.With(request, "cursor", $"{cursor! with { IsBackward = false }}") : null,
                cursor is { IsBackward: false }
                    ? PageUrl.With(request, "cursor", $"{cursor with { IsBackward = true }}")
                    : null,
                results
            );
        }
        return new(
            isBackward || hasMore ? Url(results[^1], false) : null,
            (isBackward && hasMore) || cursor is { IsBackward: false } ? Url(results[0], true) : null,
            results
        );

        string Url(T thing, bool backward)
        {
            var (at, id) = place(thing);
            return PageUrl.With(request, "cursor", $"{new Cursor(at, id, backward)}");
        }
    }
}

/// <summary>A page of whatever things.</summary>
internal interface IPage
{
    /// <summary>Null in a list that grows without bound.</summary>
    long? Count { get; }
    string? Next { get; }
    string? Previous { get; }
    object Results { get; }
}

/// <summary>The URL of the same list at another page.</summary>
internal static class PageUrl
{
    internal static string With(HttpRequest request, string name, string value)
    {
        var url = PublicUrl.Of(request.HttpContext) + request.Path;
        if (!request.QueryString.HasValue)
        {
            return $"{url}?{name}={Uri.EscapeDataString(value)}";
        }
        var others = request
            .Query.Where(pair => pair.Key != name)
            .SelectMany(pair => pair.Value, (pair, one) => KeyValuePair.Create(pair.Key, one));
        return QueryHelpers.AddQueryString(url, [.. others, KeyValuePair.Create(name, (string?)value)]);
    }
}
