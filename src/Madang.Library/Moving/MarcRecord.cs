using System.Text;

namespace Madang.Library.Moving;

/// <summary>A field of a bibliographic record.</summary>
/// <param name="Tag">Its three digits.</param>
/// <param name="Indicators">Its two indicators; empty of a control field.</param>
/// <param name="Value">What a control field says.</param>
/// <param name="Subfields">The parts of any other, by their codes, in their order.</param>
internal sealed record MarcField(
    string Tag,
    string Indicators,
    string Value,
    IReadOnlyList<(char Code, string Text)> Subfields
)
{
    internal IEnumerable<string> All(params char[] codes) =>
        Subfields.Where(part => codes.Contains(part.Code)).Select(part => part.Text);
}

/// <summary>
/// A bibliographic record of MARC 21 or KORMARC (KS X 6006-0): they use some fields differently (<see cref="MarcBook"/>), and are written alike,
/// as MARCXML or as ISO 2709 has it, which is read here: a leader, a directory of the fields, and the fields.
/// </summary>
/// <param name="Status">The fifth sign of its leader, from 0.</param>
/// <param name="Fields">Its fields in their order.</param>
internal sealed record MarcRecord(char Status, IReadOnlyList<MarcField> Fields)
{
    internal const int PlaceOfStatus = 5;

    internal const byte EndOfRecord = 0x1D;
    internal const byte EndOfField = 0x1E;
    internal const byte Delimiter = 0x1F;
    internal const int LeaderLength = 24;
    internal const int EntryLength = 12;

    /// <summary>Whether it says that a library no longer has what it describes.</summary>
    internal bool IsDeleted => Status == 'd';

    internal IEnumerable<MarcField> All(params string[] tags) =>
        tags.SelectMany(tag => Fields.Where(field => field.Tag == tag));

    /// <param name="bytes">A record without the sign of its end.</param>
    /// <param name="isKorean">Whether it is said to be KORMARC.</param>
    /// <returns>The record, or why it is none.</returns>
    internal static (MarcRecord? Record, string? Fault) Read(ReadOnlySpan<byte> bytes, bool isKorean)
    {
        if (
            bytes.Length < LeaderLength
            || Number(bytes[12..17]) is not { } start
            || start <= LeaderLength
            || start > bytes.Length
        )
        {
            return (null, "broken_record");
        }
        var directory = bytes[LeaderLength..(start - 1)];
        if (directory.Length % EntryLength != 0 || bytes[start - 1] != EndOfField)
        {
            return (null, "broken_record");
        }
        var (encoding, unread) = MarcEncoding.Of(bytes, isKorean);
        if (encoding is null)
        {
            return (null, unread);
        }
        var fields = new List<MarcField>();
        var inOrder = new InOrder(bytes[start..]);
        var goesByDirectory = IsTrue(directory, bytes[start..]);
        for (var at = 0; at < directory.Length; at += EntryLength)
        {
            var entry = directory[at..(at + EntryLength)];
            // A record that was put into another encoding often has the lengths of the old one: then its fields follow one another.
            var field = goesByDirectory
                ? bytes.Slice(start + Number(entry[7..12])!.Value, Number(entry[3..7])!.Value - 1)
                : inOrder.Next();
            if (TextOfFile.TryRead(field, encoding) is not { } text)
            {
                return (null, "not_text");
            }
            fields.Add(Field(Encoding.ASCII.GetString(entry[..3]), text));
        }
        return goesByDirectory || inOrder.IsAtItsEnd
            ? (new((char)bytes[PlaceOfStatus], fields), null)
            : (null, "broken_record");
    }

    private static MarcField Field(string tag, string text)
    {
        var parts = text.Split((char)Delimiter);
        return parts.Length == 1
            ? new(tag, "", text, [])
            : new(
                tag,
                parts[0],
                "",
                [.. parts.Skip(1).Where(part => part.Length > 0).Select(part => (part[0], part[1..]))]
            );
    }

    private static bool IsTrue(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> data)
    {
        var all = 0L;
        for (var at = 0; at < directory.Length; at += EntryLength)
        {
            var (length, start) = (Number(directory[(at + 3)..(at + 7)]), Number(directory[(at + 7)..(at + 12)]));
            if (
                length is null or 0
                || start is null
                || start + length > data.Length
                || data[start.Value + length.Value - 1] != EndOfField
                // Entries that share their bytes would make a large thing of a small one.
                || (all += length.Value) > data.Length
            )
            {
                return false;
            }
        }
        return true;
    }

    internal static int? Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return null;
            }
            number = (number * 10) + (digit - '0');
        }
        return number;
    }

    private ref struct InOrder(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> left = data;
        private bool isShort;

        internal readonly bool IsAtItsEnd => left.IsEmpty && !isShort;

        internal ReadOnlySpan<byte> Next()
        {
            var end = left.IndexOf(EndOfField);
            isShort |= end < 0;
            var field = end < 0 ? [] : left[..end];
            left = end < 0 ? [] : left[(end + 1)..];
            return field;
        }
    }
}
