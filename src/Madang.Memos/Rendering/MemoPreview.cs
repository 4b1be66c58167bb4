using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Madang.Memos.Rendering;

/// <summary>Cuts a long memo for a list: what is left is whole Markdown, no half emphasis and no open code.</summary>
internal static class MemoPreview
{
    private const int CharactersOfAPicture = 300;

    /// <returns>Whether something was cut off.</returns>
    internal static bool Cut(MarkdownDocument document, int most)
    {
        var left = most;
        return Cut((ContainerBlock)document, ref left);
    }

    private static bool Cut(ContainerBlock blocks, ref int left)
    {
        var isCut = false;
        for (var at = 0; at < blocks.Count; at++)
        {
            if (left <= 0 && blocks[at] is not LinkReferenceDefinitionGroup)
            {
                while (blocks.Count > at)
                {
                    blocks.RemoveAt(blocks.Count - 1);
                }
                return true;
            }
            isCut |= blocks[at] switch
            {
                ContainerBlock inner => Cut(inner, ref left),
                LeafBlock { Inline: { } inlines } => Cut(inlines, ref left),
                LeafBlock leaf => CutLines(leaf, ref left),
                _ => false,
            };
        }
        return isCut;
    }

    private static bool CutLines(LeafBlock leaf, ref int left)
    {
        for (var line = 0; line < leaf.Lines.Count; line++)
        {
            if (left <= 0)
            {
                while (leaf.Lines.Count > line)
                {
                    leaf.Lines.RemoveAt(leaf.Lines.Count - 1);
                }
                return true;
            }
            left -= leaf.Lines.Lines[line].Slice.Length + 1;
        }
        return false;
    }

    private static bool Cut(ContainerInline inlines, ref int left)
    {
        var isCut = false;
        for (var one = inlines.FirstChild; one is not null; )
        {
            var next = one.NextSibling;
            if (left <= 0)
            {
                one.Remove();
                isCut = true;
            }
            else if (one is LinkInline { IsImage: true })
            {
                left -= CharactersOfAPicture;
            }
            else if (one is ContainerInline inner)
            {
                isCut |= Cut(inner, ref left);
            }
            else if (one is LiteralInline literal && literal.Content.Length > left)
            {
                Shorten(literal, left);
                (left, isCut) = (0, true);
            }
            else
            {
                left -= Length(one);
            }
            one = next;
        }
        return isCut;
    }

    /// <summary>Cuts at a word's end where one is near, never within a character.</summary>
    private static void Shorten(LiteralInline literal, int most)
    {
        var text = literal.Content.AsSpan();
        var end = text[..most].LastIndexOf(' ');
        if (end < most / 2)
        {
            end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        }
        literal.Content = new($"{text[..end]} …");
    }

    private static int Length(Inline inline) =>
        inline switch
        {
            LiteralInline literal => literal.Content.Length,
            CodeInline code => code.Content.Length,
            TagInline tag => tag.Tag.Length + 1,
            AutolinkInline link => link.Url.Length,
            _ => 1,
        };
}
