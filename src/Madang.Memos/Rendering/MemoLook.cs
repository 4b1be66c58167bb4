using System.Text;
using Madang.Foundation.Data;
using Markdig.Syntax;
using Microsoft.AspNetCore.Components;

namespace Madang.Memos.Rendering;

/// <summary>How a memo is shown.</summary>
internal sealed record MemoLook
{
    /// <summary>The memo whose tasks can be ticked here, or null.</summary>
    internal long? Ticks { get; init; }

    /// <summary>The whole text that its ticks are about.</summary>
    internal string Whole { get; init; } = "";

    /// <summary>Whether its tags lead to the team's memos.</summary>
    internal bool IsTeam { get; init; }

    /// <summary>What was searched for, or null.</summary>
    internal string? Sought { get; init; }

    /// <summary>About how many characters to show of it, or null for all.</summary>
    internal int? Most { get; init; }

    /// <returns>The text as HTML, and whether some of it is left out.</returns>
    internal (MarkupString Html, bool IsCut) Show(string text)
    {
        var source = Most is { } most && text.Length > 4 * most ? Begin(text, 4 * most) : text;
        var isCut = source.Length < text.Length;
        var html = "";
        if (MemoMarkdown.Parse(source) is { } document)
        {
            isCut |= Most is { } limit && MemoPreview.Cut(document, limit);
            html = new MemoHtml(this).Write(document, source.Length) ?? "";
        }
        // Nested too deep, grown too far, or nothing but what Markdown doesn't show.
        if (html.Length == 0)
        {
            var plain = Most is { } limit && source.Length > limit ? Begin(source, limit) : source;
            isCut |= plain.Length < source.Length;
            html = MemoHtml.Plain(plain);
        }
        var key = string.IsNullOrWhiteSpace(Sought) ? "" : Fold.Key(Sought);
        return (new MarkupString(key.Length == 0 ? html : Hits.Mark(html, key)), isCut);
    }

    /// <returns>What a memo begins with, in words, for a list of one line each.</returns>
    internal static string FirstWords(string text)
    {
        var start = text.Length > LongestFirstWords ? Begin(text, LongestFirstWords) : text;
        return IsNoMarkdown(start) ? start.Trim() : FirstLeaf(start);
    }

    /// <returns>The same, found by reading the text as Markdown.</returns>
    internal static string FirstLeaf(string start)
    {
        var leaves = MemoMarkdown.Parse(start)?.Descendants<LeafBlock>() ?? [];
        return leaves
                .Select(leaf => (leaf.Inline is { } inlines ? MemoHtml.TextOf(inlines) : leaf.Lines.ToString()).Trim())
                .FirstOrDefault(words => words.Length > 0)
            ?? start;
    }

    private const int LongestFirstWords = 400;

    /// <summary>Whether Markdown would leave the text as it is: one line of words. Most memos that people jot down are.</summary>
    private static bool IsNoMarkdown(string text)
    {
        foreach (var character in text)
        {
            if (!char.IsLetterOrDigit(character) && !" .,?!'\"".Contains(character, StringComparison.Ordinal))
            {
                return false;
            }
        }
        // A line may begin as a list's "1." does.
        return text.Length > 0 && char.IsLetter(text[0]);
    }

    /// <returns>A beginning of a text, up to a line's end if there is one near, never within a character.</returns>
    private static string Begin(string text, int most)
    {
        var end = text.LastIndexOf('\n', most);
        if (end < most / 2)
        {
            end = Rune.TryGetRuneAt(text, most - 1, out var rune) && rune.Utf16SequenceLength == 2 ? most - 1 : most;
        }
        return text[..end];
    }
}
