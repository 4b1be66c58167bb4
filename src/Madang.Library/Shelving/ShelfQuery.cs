using System.Text;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Library.Shelving;

/// <summary>What the shelf shows: its address, and nothing else, says it.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record ShelfQuery
{
    internal const string Shelf = "/library";

    internal static readonly string[] Orders = ["title", "-title", "published_at", "-published_at"];

    /// <summary>Only books whose title or author contains this.</summary>
    [FromQuery(Name = "q"), Longest(BookQuery.LongestSought)]
    public string? Q { get; init; }

    /// <summary>Only books with these tags, by their ids.</summary>
    [FromQuery(Name = "tag")]
    public long[]? Tag { get; init; }

    /// <summary><c>and</c> (when left out): all of the tags; <c>or</c>: one of them.</summary>
    [FromQuery(Name = "tag_option"), OneOf("and", "or")]
    public string? TagOption { get; init; }

    /// <summary>What comes first; the book added last, when left out.</summary>
    [FromQuery(Name = "order_by"), OneOf("title", "-title", "published_at", "-published_at")]
    public string? OrderBy { get; init; }

    /// <summary><c>grid</c> (when left out) or <c>list</c>.</summary>
    [FromQuery(Name = "view"), OneOf("grid", "list")]
    public string? View { get; init; }

    internal bool IsList => View == "list";

    internal bool NeedsAllTags => TagOption != "or";

    /// <summary>The tags, each once.</summary>
    internal long[] Tags => [.. (Tag ?? []).Distinct().Take(TagId.Most)];

    /// <summary>Whether it shows every book.</summary>
    internal bool IsPlain => string.IsNullOrWhiteSpace(Q) && Tags.Length == 0;

    internal BookFilter Filter =>
        new(null, null, [.. Tags.Order()], NeedsAllTags, BookQuery.OrderOf(OrderBy), Sought.Of(Q));

    /// <summary>All that it depends on how many books it shows.</summary>
    internal string Counted =>
        $"tag_option={(NeedsAllTags ? "and" : "or")}&tag={string.Join(',', Tags.Order())}&q={Sought.Of(Q)?.Text}";

    /// <summary>The address of its first page.</summary>
    internal string Path
    {
        get
        {
            var path = new StringBuilder(Shelf);
            foreach (
                var (name, value) in Fields.Prepend((Name: "q", Value: Q ?? "")).Where(one => one.Value.Length > 0)
            )
            {
                path.Append(path.Length == Shelf.Length ? '?' : '&')
                    .Append(name)
                    .Append('=')
                    .Append(Uri.EscapeDataString(value));
            }
            return path.ToString();
        }
    }

    /// <summary>All but what is sought: what a search keeps.</summary>
    internal IEnumerable<(string Name, string Value)> Fields =>
        [
            .. Tags.Select(tag => ("tag", $"{tag}")),
            .. Tags.Length > 1 && !NeedsAllTags ? [("tag_option", "or")] : Array.Empty<(string, string)>(),
            .. OrderBy is null ? Array.Empty<(string, string)>() : [("order_by", OrderBy)],
            .. IsList ? [("view", "list")] : Array.Empty<(string, string)>(),
        ];

    /// <returns>The same with a tag more, or without it where it has it.</returns>
    internal ShelfQuery Turn(long tag) =>
        this with
        {
            Tag = Tags.Contains(tag) ? [.. Tags.Where(one => one != tag)] : [.. Tags, tag],
        };
}
