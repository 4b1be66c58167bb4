using System.Text;
using System.Text.RegularExpressions;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>The encoding of an XML file: by its mark, else as it says of itself, else UTF-8 (XML 1.0, appendix F).</summary>
internal static partial class XmlEncoding
{
    /// <summary>Bytes within which a file says so.</summary>
    private const int Beginning = 256;

    /// <returns>A reader from the file's beginning, which leaves it open. What is no letter of the encoding makes it fail.</returns>
    /// <exception cref="BrokenImportException">Nobody knows the encoding.</exception>
    internal static StreamReader Open(Stream file)
    {
        file.Position = 0;
        var start = new byte[Beginning];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        return new(file, Of(start), detectEncodingFromByteOrderMarks: true, bufferSize: -1, leaveOpen: true);
    }

    private static Encoding Of(ReadOnlySpan<byte> start)
    {
        // Without its mark UTF-16 is known by the sign that everything begins with.
        if (start is [(byte)'<', 0, ..] or [0, (byte)'<', ..])
        {
            return new UnicodeEncoding(start[0] == 0, byteOrderMark: false, throwOnInvalidBytes: true);
        }
        var told = Told().Match(Encoding.Latin1.GetString(start)).Groups[1].Value;
        if (told.Length == 0)
        {
            return TextOfFile.StrictUtf8;
        }
        // It may say of itself that it is in EUC-KR.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            return Encoding.GetEncoding(told, EncoderFallback.ReplacementFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new BrokenImportException("broken_xml");
        }
    }

    [GeneratedRegex("""^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._:-]*)["']""")]
    private static partial Regex Told();
}
