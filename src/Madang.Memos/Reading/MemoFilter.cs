namespace Madang.Memos.Reading;

/// <summary>Which memos.</summary>
/// <param name="IsTeam">Everybody's team memos instead of one's own.</param>
/// <param name="Query">Only those whose text contains this, any case; null or empty for all.</param>
/// <param name="Tag">Only those with this tag or one nested in it; null or empty for all.</param>
/// <param name="IsPinned">Only pinned or only unpinned ones; null for both.</param>
/// <param name="IsArchived">Those that are put away instead of those in use.</param>
/// <param name="IsDeleted">Those in the trash.</param>
/// <param name="From">Only those written then or later, together with <paramref name="Until"/>; null for all.</param>
/// <param name="Until">Only those written before.</param>
public sealed record MemoFilter(
    bool IsTeam = false,
    string? Query = null,
    string? Tag = null,
    bool? IsPinned = null,
    bool IsArchived = false,
    bool IsDeleted = false,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null
);
