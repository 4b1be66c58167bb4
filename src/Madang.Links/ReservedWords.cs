using Madang.Foundation.Modules;

namespace Madang.Links;

/// <summary>Slugs that nobody gets, in any case: the first segments of every room's and of the frame's paths, run here or not.</summary>
public sealed class ReservedWords(Rooms rooms)
{
    /// <summary>Of the rooms that the house is planned with, which are not built yet.</summary>
    private static readonly string[] OfRoomsToCome =
    [
        "book",
        "books",
        "friends",
        "inbox",
        "library",
        "loan",
        "loans",
        "notifications",
        "pages",
        "people",
        "profile",
        "projects",
        "tags",
        "task",
        "tasks",
    ];

    /// <summary>Under <c>/links/</c> and <c>/api/v1/links/</c> these are no slugs.</summary>
    private static readonly string[] OfOurOwn = ["blocked-hosts", "bulk", "export", "import", "imports"];

    private readonly HashSet<string> words = new(
        [.. FramePaths.All, .. OfOurOwn, .. OfRoomsToCome, .. rooms.All.SelectMany(room => room.ReservedPaths)],
        StringComparer.OrdinalIgnoreCase
    );

    internal bool Has(string slug) => words.Contains(slug);
}
