namespace Madang.Library.Shelving;

/// <summary>Which books, and in which order.</summary>
/// <param name="Title">Only those whose title contains this; null for all.</param>
/// <param name="Author">Only those whose author contains this; null for all.</param>
/// <param name="Tags">Only those with these tags; empty for all.</param>
/// <param name="NeedsAllTags">Whether they need all of the tags, or one of them.</param>
/// <param name="Order">What comes first.</param>
internal sealed record BookFilter(
    Sought? Title,
    Sought? Author,
    IReadOnlyList<long> Tags,
    bool NeedsAllTags,
    BookOrder Order
);

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
