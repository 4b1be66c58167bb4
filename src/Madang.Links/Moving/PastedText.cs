namespace Madang.Links.Moving;

/// <summary>A pasted text by its lines, to give back those that are to be mended.</summary>
internal static class PastedText
{
    /// <param name="text">Lines of addresses or CSV that was read whole; or JSON, which is given back whole.</param>
    /// <param name="read">The numbers of the lines that were read, from 1.</param>
    /// <param name="wanted">The numbers of those that are wanted.</param>
    /// <returns>These lines as they were typed, behind the one that names the columns where there is one; empty when none is wanted.</returns>
    internal static string Of(string text, IEnumerable<int> read, IEnumerable<int> wanted)
    {
        var (known, given) = (read.ToHashSet(), wanted.ToHashSet());
        if (given.Count == 0 || text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            return given.Count == 0 ? "" : text;
        }
        var rows = Rows(text);
        var back = rows.Where((row, at) => row.Has(given) || (at == 0 && !row.Has(known)));
        return string.Join('\n', back.Select(row => row.Text));
    }

    /// <summary>A line break in quotes doesn't end a row (RFC 4180, 2.6).</summary>
    private static List<Row> Rows(string text)
    {
        var rows = new List<Row>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            var (first, row) = (at, lines[at]);
            while (row.Count(letter => letter == '"') % 2 == 1 && at + 1 < lines.Length)
            {
                row += $"\n{lines[++at]}";
            }
            if (row.Length > 0)
            {
                rows.Add(new(first + 1, at + 1, row));
            }
        }
        return rows;
    }

    private sealed record Row(int First, int Last, string Text)
    {
        internal bool Has(HashSet<int> numbers) => Enumerable.Range(First, Last - First + 1).Any(numbers.Contains);
    }
}
