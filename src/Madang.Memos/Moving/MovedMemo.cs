namespace Madang.Memos.Moving;

/// <summary>A memo in an export: all that an import needs to make it again (docs/memos-moving.md).</summary>
public sealed record MovedMemo
{
    /// <summary>Its id in the yard that it comes from.</summary>
    public required long Id { get; init; }

    /// <summary>Markdown.</summary>
    public required string Text { get; init; }

    /// <summary>The tags that stand in the text.</summary>
    public IReadOnlyList<string> Tags => MemoTags.In(Text);

    /// <summary><c>private</c> or <c>team</c>.</summary>
    public required string Visibility { get; init; }

    /// <summary>Since when it stands above the others, or null.</summary>
    public DateTimeOffset? PinnedAt { get; init; }

    /// <summary>Since when it is put away, or null.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>Since when it is in the trash, or null.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its text or its visibility last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    internal bool HasEarlier { get; init; }
}

/// <summary>An earlier text of a memo, in the export of one's own data.</summary>
public sealed record MovedVersion
{
    /// <summary>Whose earlier text it is.</summary>
    public required long MemoId { get; init; }

    /// <summary>The text as it was.</summary>
    public required string Text { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    internal long Id { get; init; }
}
