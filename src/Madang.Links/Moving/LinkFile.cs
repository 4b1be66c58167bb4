using System.Text;
using System.Text.Json;
using CsvHelper;
using Madang.Foundation.Moving;

namespace Madang.Links.Moving;

/// <summary>A file that links are imported from: JSON, CSV that names its columns, or lines of addresses; UTF-8.</summary>
/// <param name="file">At any place; it is read from its start each time.</param>
/// <param name="source">Whose it is.</param>
internal sealed class LinkFile(Stream file, LinkSource source)
{
    /// <summary>Bytes that an upload may have: 32 MiB.</summary>
    internal const long MostBytes = 32L * 1024 * 1024;

    /// <summary>Links in one file.</summary>
    internal const int MostLinks = 100_000;

    /// <summary>Bytes in one line, with the line breaks that stand in quotes.</summary>
    private const int LargestRow = 1024 * 1024;

    /// <summary>Reads it, one after the other.</summary>
    /// <param name="now">The time.</param>
    /// <param name="faultOf">What is wrong with a target.</param>
    /// <exception cref="BrokenImportException">It can't be read as a whole; perhaps only found after some of it.</exception>
    internal IEnumerable<IncomingItem> Read(DateTimeOffset now, Func<string?, string?> faultOf)
    {
        var isJson = IsJson();
        file.Position = 0;
        var count = 0;
        foreach (
            var (line, fields) in isJson ? Objects()
            : NamesColumns() ? Rows()
            : Lines()
        )
        {
            if (++count > MostLinks)
            {
                throw new BrokenImportException("too_many");
            }
            yield return fields is null
                ? new(line, "", null, "moving.not_text")
                : new RawLink(source, fields, isJson || source.IsOwn).Check(line, now, faultOf);
        }
        if (count == 0)
        {
            throw new BrokenImportException("nothing");
        }
    }

    /// <returns>A name of a field without case and signs: <c>Long URL</c>, <c>long_url</c> and <c>longUrl</c> are one.</returns>
    private static string KeyOf(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private bool IsJson()
    {
        file.Position = 0;
        Span<byte> start = stackalloc byte[1024];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (
            start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
            || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            || start.Contains((byte)0)
        )
        {
            throw new BrokenImportException("wrong_encoding");
        }
        var text = (start.StartsWith("\uFEFF"u8) ? start[3..] : start).TrimStart(" \t\r\n"u8);
        return text.Length > 0 && text[0] is (byte)'{' or (byte)'[';
    }

    private IEnumerable<(int, Dictionary<string, string>?)> Objects()
    {
        var number = 0;
        foreach (var element in new JsonElements(file, ["links", "data", "result"], isDeep: true).All())
        {
            yield return (++number, Fields(element));
        }
    }

    private static Dictionary<string, string>? Fields(JsonElement element)
    {
        try
        {
            var fields = new Dictionary<string, string>();
            Add(fields, "", element);
            return fields;
        }
        catch (InvalidOperationException)
        {
            // A text that is not UTF-8, or holds half a character.
            return null;
        }
    }

    private static void Add(Dictionary<string, string> fields, string prefix, JsonElement element)
    {
        foreach (var one in element.EnumerateObject())
        {
            var key = prefix + KeyOf(one.Name);
            var text = one.Value.ValueKind switch
            {
                JsonValueKind.String => one.Value.GetString()!,
                JsonValueKind.Number => one.Value.GetRawText(),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                JsonValueKind.Array => TagList.Write(
                    one.Value.EnumerateArray()
                        .Where(tag => tag.ValueKind == JsonValueKind.String)
                        .Select(tag => tag.GetString()!)
                ),
                _ => "",
            };
            if (one.Value.ValueKind == JsonValueKind.Object && prefix.Length == 0)
            {
                Add(fields, $"{key}.", one.Value);
            }
            else if (text.Length > 0)
            {
                fields.TryAdd(key, text);
            }
        }
    }

    private IEnumerable<(int, Dictionary<string, string>?)> Rows()
    {
        var separator = Separator();
        using var text = Text();
        using var csv = CsvReader.Create(
            text,
            CsvReaderOptions.Default with
            {
                HasHeader = false,
                Separator = separator,
                MalformedData = CsvMalformedDataHandling.Throw,
                MaxRecordSize = LargestRow,
                TrackLineNumbers = true,
            }
        );
        string[]? names = null;
        while (Next(csv))
        {
            var row = Enumerable.Range(0, csv.FieldCount).Select(csv.GetString).ToArray();
            if (names is null)
            {
                names = Array.ConvertAll(row, KeyOf);
                if (names.Intersect(source.Url).Any())
                {
                    continue;
                }
                throw new BrokenImportException("other_columns");
            }
            yield return ((int)csv.LineNumber, Row(names, row));
        }
    }

    private Dictionary<string, string> Row(string[] names, string[] row)
    {
        var fields = new Dictionary<string, string>();
        for (var at = 0; at < Math.Min(names.Length, row.Length); at++)
        {
            fields.TryAdd(names[at], source.IsOwn ? Formulas.Freed(row[at]) : row[at]);
        }
        return fields;
    }

    /// <summary>
    /// An address on each line, whatever signs it holds: commas and semicolons are as good in an address as any other. No address holds a
    /// tab, so behind one its slug and its title may stand.
    /// </summary>
    private IEnumerable<(int, Dictionary<string, string>?)> Lines()
    {
        using var text = Text();
        for (var number = 1; Next(text) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return (number, Row(["url", "slug", "title"], line.Split('\t')));
            }
        }
    }

    /// <summary>Checked while it is read: what is not UTF-8 would become other letters.</summary>
    private StreamReader Text()
    {
        file.Position = 0;
        return new(
            file,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
            detectEncodingFromByteOrderMarks: true,
            leaveOpen: true
        );
    }

    private static string? Next(StreamReader text)
    {
        try
        {
            return text.ReadLine();
        }
        catch (DecoderFallbackException)
        {
            throw new BrokenImportException("wrong_encoding");
        }
    }

    private static bool Next(CsvReader csv)
    {
        try
        {
            return csv.Read();
        }
        catch (DecoderFallbackException)
        {
            throw new BrokenImportException("wrong_encoding");
        }
        catch (CsvFormatException)
        {
            throw new BrokenImportException("broken_csv");
        }
    }

    /// <summary>Only a file of no certain program may do without names of its columns; it has them when one is that of an address.</summary>
    private bool NamesColumns() =>
        source.Name != "csv" || FirstLine().Split(Separator()).Select(KeyOf).Intersect(source.Url).Any();

    /// <summary>Told by the first line: a comma, unless it has semicolons (as Shlink and many spreadsheets write) or tabs, and no comma.</summary>
    private char Separator()
    {
        var line = FirstLine();
        return line.Contains(',', StringComparison.Ordinal) ? ','
            : line.Contains(';', StringComparison.Ordinal) ? ';'
            : line.Contains('\t', StringComparison.Ordinal) ? '\t'
            : ',';
    }

    /// <returns>The beginning of the first line that is not empty, as far as it is ASCII; nothing when an address stands there.</returns>
    private string FirstLine()
    {
        file.Position = 0;
        Span<byte> start = stackalloc byte[1024];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        var line = Encoding.ASCII.GetString(start).TrimStart('?', ' ', '\t', '\r', '\n').Split('\n')[0];
        return line.Contains("://", StringComparison.Ordinal) ? "" : line;
    }
}
