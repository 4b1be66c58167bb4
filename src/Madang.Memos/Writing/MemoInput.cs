using Madang.Foundation.Http;

namespace Madang.Memos.Writing;

/// <summary>A memo to be written.</summary>
public sealed record MemoInput
{
    /// <summary>Markdown, 1 to 100,000 characters; <c>#tags</c> in it become its tags.</summary>
    [Needed, Longest(Memo.LongestText)]
    public string? Text { get; init; }

    /// <summary>Whether it stands above the others.</summary>
    public bool? Pinned { get; init; }

    /// <summary><c>private</c> (when left out) or <c>team</c>.</summary>
    [OneOf(Memos.Visibility.Private, Memos.Visibility.Team)]
    public string? Visibility { get; init; }
}

/// <summary>A change of a memo. What is left out stays as it is.</summary>
public sealed record MemoChangeInput
{
    /// <summary>Markdown, 1 to 100,000 characters. The text before goes into the memo's history.</summary>
    [Needed, Longest(Memo.LongestText)]
    public Given<string> Text { get; init; }

    /// <summary>Whether it stands above the others.</summary>
    [NotNull]
    public Given<bool?> Pinned { get; init; }

    /// <summary>Whether it is put away.</summary>
    [NotNull]
    public Given<bool?> Archived { get; init; }

    /// <summary><c>private</c> or <c>team</c>.</summary>
    [NotNull, OneOf(Memos.Visibility.Private, Memos.Visibility.Team)]
    public Given<string> Visibility { get; init; }
}

/// <summary>Whether a task is done, as its box on a page posts it.</summary>
#pragma warning disable ASP0029 // The framework's validation is marked as not final.
[Microsoft.Extensions.Validation.ValidatableType]
#pragma warning restore ASP0029
public sealed record TickInput
{
    /// <summary>Whether it is.</summary>
    [Needed]
    public bool? Done { get; init; }
}
