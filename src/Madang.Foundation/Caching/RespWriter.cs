using System.Buffers;
using System.Buffers.Text;

namespace Madang.Foundation.Caching;

/// <summary>Writes commands as Redis reads them: a list of byte strings.</summary>
internal static class RespWriter
{
    internal static void Write(IBufferWriter<byte> to, IReadOnlyList<ReadOnlyMemory<byte>> words)
    {
        WriteHead(to, (byte)'*', words.Count);
        foreach (var word in words)
        {
            WriteHead(to, (byte)'$', word.Length);
            to.Write(word.Span);
            to.Write("\r\n"u8);
        }
    }

    private static void WriteHead(IBufferWriter<byte> to, byte kind, int number)
    {
        var place = to.GetSpan(16);
        place[0] = kind;
        Utf8Formatter.TryFormat(number, place[1..], out var length);
        "\r\n"u8.CopyTo(place[(1 + length)..]);
        to.Advance(1 + length + 2);
    }
}
