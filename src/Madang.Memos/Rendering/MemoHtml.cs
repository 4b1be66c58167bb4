using System.Globalization;
using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;

namespace Madang.Memos.Rendering;

/// <summary>
/// Writes a memo as HTML. Only what is named here comes out, all text is escaped, and whatever else Markdown may bring is text: so no
/// memo brings its reader anything that its page didn't mean to.
/// </summary>
internal sealed partial class MemoHtml(MemoLook look)
{
    /// <summary>
    /// An empty task brings 36 characters of HTML for each of its own, and nothing else more: whatever brings more than this was made to.
    /// </summary>
    private const int MostForOne = 40;

    private const int MostForNone = 16 * 1024;

    private readonly StringBuilder html = new();
    private readonly string fingerprint = look.Ticks is null ? "" : MemoTasks.Fingerprint(look.Whole);
    private int lastHeading = 1;
    private List<int> levels = [];
    private int tasks;
    private long most;

    private bool IsTooMuch => html.Length > most;

    /// <param name="document">What is written; it is used up.</param>
    /// <param name="length">Characters of its text.</param>
    /// <returns>The HTML, or null when it would be far longer than the text.</returns>
    internal string? Write(MarkdownDocument document, int length)
    {
        most = ((long)MostForOne * length) + MostForNone;
        levels = [.. document.Descendants<HeadingBlock>().Select(heading => heading.Level).Distinct().Order()];
        Blocks(document, isTight: false);
        return IsTooMuch ? null : html.ToString();
    }

    /// <returns>A text as it is, its lines kept.</returns>
    internal static string Plain(string text)
    {
        var html = new StringBuilder("<p>");
        Escape(html, text);
        return html.Replace("\n", "<br>\n").Append("</p>").ToString();
    }

    /// <summary>Writes text so that it is nothing but text, between tags and in quotes.</summary>
    internal static void Escape(StringBuilder html, ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny("&<>\""); at >= 0; at = text.IndexOfAny("&<>\""))
        {
            html.Append(text[..at])
                .Append(
                    text[at] switch
                    {
                        '&' => "&amp;",
                        '<' => "&lt;",
                        '>' => "&gt;",
                        _ => "&quot;",
                    }
                );
            text = text[(at + 1)..];
        }
        html.Append(text);
    }

    private void Blocks(ContainerBlock blocks, bool isTight)
    {
        foreach (var block in blocks.TakeWhile(_ => !IsTooMuch))
        {
            switch (block)
            {
                case HeadingBlock heading:
                    Heading(heading);
                    break;
                case QuoteBlock quote:
                    html.Append("<blockquote>\n");
                    Blocks(quote, isTight: false);
                    html.Append("</blockquote>\n");
                    break;
                case ListBlock list:
                    List(list);
                    break;
                case CodeBlock code:
                    html.Append("<pre><code>");
                    Lines(code, "\n");
                    html.Append("</code></pre>\n");
                    break;
                case ThematicBreakBlock:
                    html.Append("<hr>\n");
                    break;
                case Table table:
                    Table(table);
                    break;
                case LeafBlock paragraph:
                    Paragraph(paragraph, isTight);
                    break;
            }
        }
    }

    private void Paragraph(LeafBlock paragraph, bool isTight)
    {
        html.Append(isTight ? "" : "<p>");
        Leaf(paragraph);
        html.Append(isTight ? "\n" : "</p>\n");
    }

    private void Leaf(LeafBlock leaf)
    {
        if (leaf.Inline is { } inlines)
        {
            Inlines(inlines);
        }
        else
        {
            Lines(leaf, "<br>\n");
        }
    }

    private void Lines(LeafBlock leaf, string between)
    {
        for (var line = 0; line < leaf.Lines.Count; line++)
        {
            html.Append(line == 0 ? "" : between);
            Escape(html, leaf.Lines.Lines[line].Slice.AsSpan());
        }
    }

    /// <summary>A page has one h1, its own: a memo's headings stand below it, and no level is left out on the way down.</summary>
    private void Heading(HeadingBlock heading)
    {
        lastHeading = Math.Min(Math.Min(levels.IndexOf(heading.Level) + 2, lastHeading + 1), 6);
        html.Append(CultureInfo.InvariantCulture, $"<h{lastHeading}>");
        Leaf(heading);
        html.Append(CultureInfo.InvariantCulture, $"</h{lastHeading}>\n");
    }

    private void List(ListBlock list)
    {
        var name = list.IsOrdered ? "ol" : "ul";
        html.Append('<').Append(name);
        if (list.IsOrdered && list.OrderedStart is not (null or "1") && int.TryParse(list.OrderedStart, out var start))
        {
            html.Append(CultureInfo.InvariantCulture, $" start=\"{start}\"");
        }
        html.Append(">\n");
        foreach (var item in list.OfType<ListItemBlock>().TakeWhile(_ => !IsTooMuch))
        {
            if (TaskOf(item) is { } task)
            {
                TaskItem(item, task, !list.IsLoose);
            }
            else
            {
                html.Append("<li>");
                Blocks(item, !list.IsLoose);
                html.Append("</li>\n");
            }
        }
        html.Append("</").Append(name).Append(">\n");
    }

    private static TaskList? TaskOf(ListItemBlock item) =>
        item.FirstOrDefault() is ParagraphBlock { Inline.FirstChild: TaskList task } && MemoTasks.IsTask(task)
            ? task
            : null;

    private void TaskItem(ListItemBlock item, TaskList task, bool isTight)
    {
        tasks++;
        html.Append(task.Checked ? "<li class=\"task done\">" : "<li class=\"task\">");
        Box(task, tasks);
        // What is done is struck through: its own words, not the tasks below it.
        html.Append("<div><span>");
        Leaf((LeafBlock)item[0]);
        html.Append("</span>\n");
        item.RemoveAt(0);
        Blocks(item, isTight);
        html.Append("</div></li>\n");
    }

    /// <summary>The box of a task: a button that posts the page's one form (MemoActs), or just a picture of it.</summary>
    private void Box(TaskList task, int number)
    {
        var state = task.Checked ? "true" : "false";
        if (look.Ticks is { } memo)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<button class=\"tick\" form=\"acts\" formaction=\"/memos/{memo}/tasks/{number}?seen={fingerprint}\" name=\"done\" value=\"{(task.Checked ? "false" : "true")}\" role=\"checkbox\" aria-checked=\"{state}\" aria-label=\""
            );
            Escape(html, LabelOf(task));
            html.Append("\"></button>");
        }
        else
        {
            html.Append("<span class=\"tick\" role=\"checkbox\" aria-disabled=\"true\" aria-checked=\"")
                .Append(state)
                .Append("\" aria-label=\"");
            Escape(html, LabelOf(task));
            html.Append("\"></span>");
        }
    }

    private void Table(Table table)
    {
        html.Append("<div class=\"scroll\"><table class=\"table\">\n");
        foreach (var row in table.OfType<TableRow>().TakeWhile(_ => !IsTooMuch))
        {
            var name = row.IsHeader ? "th" : "td";
            html.Append("<tr>");
            foreach (var (cell, column) in row.OfType<TableCell>().Select((cell, at) => (cell, at)))
            {
                html.Append('<').Append(name).Append(AlignmentOf(table, column)).Append('>');
                Blocks(cell, isTight: true);
                html.Append("</").Append(name).Append('>');
            }
            html.Append("</tr>\n");
        }
        html.Append("</table></div>\n");
    }

    private static string AlignmentOf(Table table, int column) =>
        (column < table.ColumnDefinitions.Count ? table.ColumnDefinitions[column].Alignment : null) switch
        {
            TableColumnAlign.Right => " class=\"amount\"",
            TableColumnAlign.Center => " class=\"middle\"",
            _ => "",
        };
}
