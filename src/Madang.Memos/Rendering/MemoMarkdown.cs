using System.Buffers;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Parsers;
using Markdig.Syntax;

namespace Madang.Memos.Rendering;

/// <summary>
/// Reads a memo's Markdown: CommonMark with tables, task lists, strikethrough, bare addresses as links and our tags; no HTML. One
/// pipeline for all, made once.
/// </summary>
internal static class MemoMarkdown
{
    /// <summary>A line that begins with more marks than this nests deeper than anybody writes.</summary>
    private const int MostMarksOfALine = 400;

    /// <summary>
    /// What the marks of one memo may cost together. Each * is compared with those before it and each [ looks for its end, so a
    /// paragraph costs the square of its marks: this much takes a tenth of a second.
    /// </summary>
    private const long MostCost = 2_000_000;

    private static readonly object CostKey = new();
    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~[]!<`");
    private static readonly SearchValues<char> MarksOfALine = SearchValues.Create(" \t>-*+.)0123456789");
    private static readonly MarkdownPipeline Pipeline = Build();

    /// <returns>The document, or null when the text is nested so deep that it is better shown as it is.</returns>
    internal static MarkdownDocument? Parse(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var first = line.IndexOfAnyExcept(MarksOfALine);
            if ((first < 0 ? line.Length : first) > MostMarksOfALine)
            {
                return null;
            }
        }
        try
        {
            return Markdown.Parse(text, Pipeline);
        }
        catch (ArgumentException)
        {
            // Its way to say that the nesting is too deep for the stack.
            return null;
        }
    }

    private static MarkdownPipeline Build()
    {
        var pipeline = new MarkdownPipelineBuilder()
            .DisableHtml()
            .UsePreciseSourceLocation()
            .UsePipeTables()
            .UseTaskLists()
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UseAutoLinks();
        pipeline.InlineParsers.Insert(0, new TagParser());
        foreach (var parser in pipeline.BlockParsers)
        {
            parser.Closed += Weigh;
        }
        return pipeline.Build();
    }

    /// <summary>Leaves the text of a paragraph as it is when its marks would bring the memo's over what they may cost.</summary>
    private static void Weigh(BlockProcessor processor, Block block)
    {
        if (block is not LeafBlock { ProcessInlines: true } leaf)
        {
            return;
        }
        long marks = 0,
            brackets = 0,
            length = 0;
        for (var line = 0; line < leaf.Lines.Count; line++)
        {
            var text = leaf.Lines.Lines[line].Slice.AsSpan();
            length += text.Length;
            for (var at = text.IndexOfAny(Marks); at >= 0; )
            {
                marks++;
                brackets += text[at] is '[' ? 1 : 0;
                text = text[(at + 1)..];
                at = text.IndexOfAny(Marks);
            }
        }
        var cost = (processor.Document.GetData(CostKey) as long? ?? 0) + (marks * marks) + (brackets * length / 16);
        leaf.ProcessInlines = cost <= MostCost;
        if (leaf.ProcessInlines)
        {
            processor.Document.SetData(CostKey, cost);
        }
    }
}
