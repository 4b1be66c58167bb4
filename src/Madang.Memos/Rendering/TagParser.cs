using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace Madang.Memos.Rendering;

/// <summary>A tag in a memo's text.</summary>
/// <param name="tag">The tag, without #.</param>
internal sealed class TagInline(string tag) : LeafInline
{
    internal string Tag => tag;
}

/// <summary>Finds tags where Markdown has text, and neither code nor an address; what a tag is, <see cref="MemoTags"/> says.</summary>
internal sealed class TagParser : InlineParser
{
    internal TagParser() => OpeningCharacters = ['#'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var tag = MemoTags.At(slice.Text.AsSpan(0, slice.End + 1), slice.Start);
        if (tag.Length == 0)
        {
            return false;
        }
        processor.Inline = new TagInline(tag) { Span = new(slice.Start, slice.Start + tag.Length) };
        slice.Start += tag.Length + 1;
        return true;
    }
}
