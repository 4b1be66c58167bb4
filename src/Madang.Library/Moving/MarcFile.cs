using System.Text;
using System.Xml;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>A record of a file, or why it is none.</summary>
internal readonly record struct ReadRecord(int Number, MarcRecord? Record, string? Fault);

/// <summary>Records of MARC 21 and KORMARC, one after the other: as ISO 2709 has them, or as MARCXML.</summary>
internal static class MarcFile
{
    /// <summary>The five digits of a record's length can say no more.</summary>
    private const int LargestRecord = 99_999;

    /// <summary>White space, and the mark of UTF-8, which some programs put before everything.</summary>
    private static ReadOnlySpan<byte> Before => [(byte)' ', (byte)'\r', (byte)'\n', 0, 0xEF, 0xBB, 0xBF];

    /// <summary>Fields, and parts of one field, that a record of ISO 2709 has room for.</summary>
    private const int MostFields = LargestRecord / MarcRecord.EntryLength;
    private const int MostParts = LargestRecord / 2;

    private const string Namespace = "http://www.loc.gov/MARC21/slim";

    /// <returns>Whether a file that begins so is ISO 2709: a length, and the two twos that say how fields are written.</returns>
    internal static bool Begins(ReadOnlySpan<byte> start)
    {
        start = start.TrimStart(Before);
        return start.Length >= MarcRecord.LeaderLength
            && MarcRecord.Number(start[..5]) is not null
            && MarcRecord.Number(start[12..17]) is not null
            && start[10] == '2'
            && start[11] == '2';
    }

    /// <exception cref="BrokenImportException">It breaks off in the midst of a record.</exception>
    internal static IEnumerable<ReadRecord> Read(Stream file, bool isKorean)
    {
        file.Position = 0;
        var buffer = new byte[LargestRecord + 1];
        var (start, end, number) = (0, 0, 0);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf(MarcRecord.EndOfRecord);
            if (length >= 0)
            {
                var (record, fault) = MarcRecord.Read(Trimmed(buffer.AsSpan(start, length)), isKorean);
                yield return new(++number, record, fault);
                start += length + 1;
                continue;
            }
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var read = file.Read(buffer.AsSpan(end));
            end += read;
            if (read == 0)
            {
                // Where the buffer is full, no record ends within the longest one.
                if (!Trimmed(buffer.AsSpan(0, end)).IsEmpty)
                {
                    throw new BrokenImportException("broken_marc");
                }
                yield break;
            }
        }
    }

    /// <exception cref="BrokenImportException">It is not XML, or breaks off.</exception>
    internal static IEnumerable<ReadRecord> ReadXml(Stream file)
    {
        file.Position = 0;
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreWhitespace = true,
            IgnoreComments = true,
        };
        using var text = new TagWatch(XmlEncoding.Open(file));
        using var xml = XmlReader.Create(text, settings);
        for (var number = 1; Guarded(() => Next(xml)) is { } record; number++)
        {
            yield return new(number, record, null);
        }
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is XmlException or DecoderFallbackException)
        {
            throw new BrokenImportException("broken_xml");
        }
    }

    private static MarcRecord? Next(XmlReader xml)
    {
        // Some leave the namespace out.
        while (!(xml is { NodeType: XmlNodeType.Element, LocalName: "record", NamespaceURI: Namespace or "" }))
        {
            if (!TagWatch.Step(xml))
            {
                return null;
            }
        }
        var (fields, text, depth) = (new List<MarcField>(), new XmlText(), xml.Depth);
        var (isEmpty, leader) = (xml.IsEmptyElement, "");
        while (TagWatch.Step(xml) && !isEmpty && xml.Depth > depth)
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "leader" })
            {
                leader = text.OfElement(xml);
            }
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "controlfield" or "datafield" })
            {
                AddWithin(MostFields, fields, Field(xml, text));
            }
        }
        return new(leader.ElementAtOrDefault(MarcRecord.PlaceOfStatus), fields);
    }

    private static MarcField Field(XmlReader xml, XmlText text)
    {
        var (tag, indicators) = (
            xml.GetAttribute("tag") ?? "",
            $"{xml.GetAttribute("ind1")}{xml.GetAttribute("ind2")}"
        );
        if (xml.LocalName == "controlfield")
        {
            return new(tag, indicators, text.OfElement(xml), []);
        }
        var (parts, depth) = (new List<(char, string)>(), xml.Depth);
        var isEmpty = xml.IsEmptyElement;
        while (!isEmpty && TagWatch.Step(xml) && xml.Depth > depth)
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "subfield" })
            {
                var code = xml.GetAttribute("code") is [var sign, ..] ? sign : ' ';
                AddWithin(MostParts, parts, (code, text.OfElement(xml)));
            }
        }
        return new(tag, indicators, "", parts);
    }

    private static void AddWithin<T>(int most, List<T> all, T one)
    {
        if (all.Count == most)
        {
            throw new BrokenImportException("too_large");
        }
        all.Add(one);
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> bytes) => bytes.TrimStart(Before).TrimEnd("\r\n\0"u8);
}
