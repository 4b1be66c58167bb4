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
    /// Each line is compared with all lists and quotations that are open. No more are than the longest beginning of a line has marks, so
    /// lines times marks is what that costs at most: this much takes half a second.
    /// </summary>
    private const long MostOpen = 2_000_000;

    /// <summary>
    /// What the marks of one memo may cost together. Each * is compared with those before it, each [ looks for its end, and what begins
    /// like an address looks at all before it, so a paragraph costs the square of its marks: this much takes a tenth of a second, or a
    /// few where they are addresses.
    /// </summary>
    private const long MostCost = 2_000_000;

    /// <summary>
    /// Characters that references may bring into one memo: each <c>[a]</c> stands for the address and the title that <c>[a]: …</c>
    /// says once, so that a memo of 100 KB could come to a gigabyte.
    /// </summary>
    private const long MostReferred = 1_000_000;

    /// <summary>Cells of one table: a row has as many as the longest, however few are written.</summary>
    private const long MostCells = 20_000;

    /// <summary>Lines that look like <c>[a]: …</c>; those of one paragraph cost their square.</summary>
    private const int MostDefinitions = 4_000;

    private static readonly object CostKey = new();
    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~[]!<`");
    private static readonly SearchValues<char> MarksOfALine = SearchValues.Create(" \t>-*+.)0123456789");
    private static readonly MarkdownPipeline Pipeline = Build();

    /// <returns>The document, or null when the text is nested so deep that it is better shown as it is.</returns>
    internal static MarkdownDocument? Parse(string text)
    {
        long lines = 0,
            most = 0,
            definitions = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var first = line.IndexOfAnyExcept(MarksOfALine);
            most = Math.Max(most, first < 0 ? line.Length : first);
            lines++;
            definitions += line.Contains("]:", StringComparison.Ordinal) ? 1 : 0;
        }
        if (most > MostMarksOfALine || most * lines > MostOpen || definitions > MostDefinitions)
        {
            return null;
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
        if (processor.Document.GetData(CostKey) is not Cost cost)
        {
            cost = new Cost();
            // The processor is another text's by then.
            var document = processor.Document;
            document.SetData(CostKey, cost);
            document.ProcessInlinesBegin += (_, _) => ForgetReferences(document, cost);
        }
        long marks = 0,
            brackets = 0,
            addresses = 0,
            length = 0,
            columns = 0;
        for (var line = 0; line < leaf.Lines.Count; line++)
        {
            var text = leaf.Lines.Lines[line].Slice.AsSpan();
            length += text.Length;
            columns = Math.Max(columns, text.Count('|') + 1);
            addresses +=
                text.Count("http")
                + text.Count("www.")
                + text.Count("ftp:")
                + text.Count("mailto:")
                + text.Count("tel:");
            for (var at = text.IndexOfAny(Marks); at >= 0; )
            {
                marks++;
                brackets += text[at] is '[' ? 1 : 0;
                text = text[(at + 1)..];
                at = text.IndexOfAny(Marks);
            }
        }
        var sum = cost.Sum + (marks * marks) + (((3 * brackets) + addresses) * length / 48);
        leaf.ProcessInlines = sum <= MostCost && (columns == 1 || columns * leaf.Lines.Count <= MostCells);
        if (leaf.ProcessInlines)
        {
            cost.Sum = sum;
            cost.Brackets += brackets;
        }
    }

    /// <summary>Leaves references as they were typed when all together might bring in too much.</summary>
    private static void ForgetReferences(MarkdownDocument document, Cost cost)
    {
        var all = document.OfType<LinkReferenceDefinitionGroup>().FirstOrDefault()?.Links;
        var longest =
            all?.Values.Select(one => (one.Url?.Length ?? 0) + (one.Title?.Length ?? 0)).DefaultIfEmpty().Max() ?? 0;
        if (longest * cost.Brackets > MostReferred)
        {
            all!.Clear();
        }
    }

    /// <summary>What the paragraphs of a document come to so far.</summary>
    private sealed class Cost
    {
        internal long Sum { get; set; }

        internal long Brackets { get; set; }
    }
}
