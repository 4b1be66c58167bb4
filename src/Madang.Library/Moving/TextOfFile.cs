using System.Text;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>
/// A text whose encoding nobody tells: UTF-8 or UTF-16 by its mark; without one UTF-8 or, where that reads next to
/// nothing of it, CP949 (the Korean code page of Windows, of which EUC-KR is a part). What can't be read becomes U+FFFD, by which it is known later.
/// </summary>
/// <param name="file">At any place.</param>
internal sealed class TextOfFile(Stream file)
{
    private const int Korean = 949;
    private const int Portion = 64 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly Encoding Cp949 = KoreanThat(DecoderFallback.ReplacementFallback);
    internal static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    internal static readonly Encoding StrictCp949 = KoreanThat(DecoderFallback.ExceptionFallback);

    private Encoding? encoding;

    /// <returns>A reader from its beginning, which leaves the file open.</returns>
    /// <exception cref="BrokenImportException">It is no text.</exception>
    internal StreamReader Open()
    {
        encoding ??= Find();
        file.Position = 0;
        return new(file, encoding, detectEncodingFromByteOrderMarks: true, Portion, leaveOpen: true);
    }

    /// <returns>Whether its last line is ended.</returns>
    internal bool EndsWithALine()
    {
        Span<byte> end = stackalloc byte[2];
        file.Position = Math.Max(0, file.Length - 2);
        end = end[..file.ReadAtLeast(end, 2, throwOnEndOfStream: false)];
        // The second is UTF-16, little-endian.
        return end is [.., (byte)'\n' or (byte)'\r'] or [(byte)'\n' or (byte)'\r', 0];
    }

    /// <returns>Null when it is not all in this encoding, which throws where it isn't.</returns>
    internal static string? TryRead(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Encoding KoreanThat(DecoderFallback fallback) =>
        CodePagesEncodingProvider.Instance.GetEncoding(Korean, EncoderFallback.ReplacementFallback, fallback)!;

    private Encoding Find()
    {
        file.Position = 0;
        var start = new byte[1024];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start.AsSpan(0, length) is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return Utf8;
        }
        if (start.AsSpan(0, length).Contains((byte)0))
        {
            throw new BrokenImportException("wrong_encoding");
        }
        return IsUtf8() ? Utf8 : Cp949;
    }

    /// <summary>Korean in CP949 is next to nothing in UTF-8; UTF-8 with a few broken bytes is still UTF-8.</summary>
    private bool IsUtf8()
    {
        file.Position = 0;
        var (bytes, letters, decoder) = (new byte[Portion], new char[Portion + 8], Utf8.GetDecoder());
        var (faults, others) = (0L, 0L);
        for (var read = -1; read != 0; )
        {
            read = file.Read(bytes);
            var count = decoder.GetChars(bytes.AsSpan(0, read), letters, flush: read == 0);
            foreach (var letter in letters.AsSpan(0, count))
            {
                faults += letter == '\uFFFD' ? 1 : 0;
                others += letter > '\u007F' ? 1 : 0;
            }
        }
        return faults <= others - faults;
    }
}
