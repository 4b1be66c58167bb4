using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>
/// The rows of the tables of an HTML file, which is what Korean shops mostly give out as <c>.xls</c>: Excel opens it by its content. A cell
/// that spans several places stands in each of its rows, and in the first of its columns.
/// </summary>
/// <param name="text">The file.</param>
internal sealed partial class HtmlTable(TextOfFile text)
{
    private const int MostColumns = 256;

    /// <summary>Letters of one row.</summary>
    private const int LargestRow = 1024 * 1024;

    private readonly (int Rows, string Text)[] spans = new (int, string)[MostColumns];
    private readonly List<string> fields = [];
    private readonly StringBuilder cell = new();
    private string attributes = "";
    private int letters;
    private bool isRow;
    private bool isCell;
    private bool isTable;

    /// <returns>Whether a file is HTML that begins so.</returns>
    internal static bool Begins(string start) => Sign().IsMatch(start);

    /// <exception cref="BrokenImportException">It breaks off, or a table lies in another.</exception>
    internal IEnumerable<TableRow> Rows()
    {
        using var reader = text.Open();
        var line = 0;
        foreach (var (name, rest) in new HtmlTokens(reader).All())
        {
            var isEnd = name is "tr" or "/tr" or "/table" or "/tbody" or "/thead" or "/tfoot";
            if (isEnd && isRow)
            {
                EndRow();
                yield return new(++line, [.. fields]);
            }
            Take(name, rest);
        }
        if (isTable)
        {
            throw new BrokenImportException("broken_html");
        }
    }

    private void Take(string name, string rest)
    {
        switch (name)
        {
            case "":
                Say(rest);
                break;
            case "table" when isTable:
                // Which of the two holds the books, only somebody who sees the page can tell.
                throw new BrokenImportException("unread_workbook");
            case "table" or "/table":
                isTable = name == "table";
                Array.Clear(spans);
                break;
            case "tr" when isTable:
                BeginRow();
                break;
            case "td" or "th" when isTable:
                EndCell();
                BeginRow();
                (isCell, attributes) = (true, rest);
                break;
            case "/td" or "/th":
                EndCell();
                break;
            default:
                // Whatever it is, words on both of its sides are two: a break, a paragraph.
                Say(name is "br" or "p" or "/p" or "div" or "/div" or "li" ? " " : "");
                break;
        }
    }

    private void Say(string written)
    {
        if (isCell)
        {
            cell.Append(
                (letters += written.Length) <= LargestRow ? written : throw new BrokenImportException("too_large")
            );
        }
    }

    private void BeginRow()
    {
        if (!isRow)
        {
            fields.Clear();
            (isRow, letters) = (true, 0);
        }
    }

    private void EndCell()
    {
        if (!isCell)
        {
            return;
        }
        isCell = false;
        var said = Spaces().Replace(WebUtility.HtmlDecode(cell.ToString()), " ").Trim();
        cell.Clear();
        FillSpans();
        var (columns, rows) = (Number(Columns().Match(attributes)), Number(RowsOf().Match(attributes)));
        for (var at = 0; at < columns && fields.Count < MostColumns; at++)
        {
            var value = at == 0 ? said : "";
            spans[fields.Count] = (rows - 1, value);
            fields.Add(value);
        }
    }

    private void EndRow()
    {
        EndCell();
        FillSpans();
        isRow = false;
    }

    /// <summary>Puts what cells of earlier rows span into its places.</summary>
    private void FillSpans()
    {
        while (fields.Count < MostColumns && spans[fields.Count] is { Rows: > 0 } span)
        {
            spans[fields.Count] = (span.Rows - 1, span.Text);
            fields.Add(span.Text);
        }
    }

    private static int Number(Match found) =>
        int.TryParse(found.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Max(number, 1)
            : 1;

    [GeneratedRegex(@"<(!doctype html|html|head|meta|style|body|table)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Sign();

    [GeneratedRegex("""\bcolspan\s*=[\s"']*([0-9]{1,4})""", RegexOptions.IgnoreCase)]
    private static partial Regex Columns();

    [GeneratedRegex("""\browspan\s*=[\s"']*([0-9]{1,5})""", RegexOptions.IgnoreCase)]
    private static partial Regex RowsOf();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
