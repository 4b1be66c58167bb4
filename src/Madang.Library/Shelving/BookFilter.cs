namespace Madang.Library.Shelving;

/// <summary>Which books, and in which order.</summary>
/// <param name="Title">Only those whose title contains this; null for all.</param>
/// <param name="Author">Only those whose author contains this; null for all.</param>
/// <param name="Tags">Only those with these tags; empty for all.</param>
/// <param name="NeedsAllTags">Whether they need all of the tags, or one of them.</param>
/// <param name="Order">What comes first.</param>
/// <param name="Either">Only those whose title or author contains this; null for all.</param>
internal sealed record BookFilter(
    Sought? Title,
    Sought? Author,
    IReadOnlyList<long> Tags,
    bool NeedsAllTags,
    BookOrder Order,
    Sought? Either = null
)
{
    /// <summary>All books, the newest first.</summary>
    internal static BookFilter All { get; } = new(null, null, [], true, BookOrder.Newest);

    /// <summary>Whether anything is sought in titles or authors.</summary>
    internal bool Seeks => Title is not null || Author is not null || Either is not null;

    /// <summary>Whether the index says which books these are, without a look at the books.</summary>
    internal bool IsInIndexAlone =>
        Seeks
        && Tags.Count == 0
        && Title is null or { IsInIndex: true }
        && Author is null or { IsInIndex: true }
        && Either is null or { IsInIndex: true };
}

/// <summary>What comes first.</summary>
internal enum BookOrder
{
    /// <summary>The one added last.</summary>
    Newest,
    Title,
    TitleDown,
    Published,
    PublishedDown,
}
