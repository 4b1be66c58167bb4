using System.Buffers;
using System.Buffers.Text;

namespace Madang.Foundation.Caching;

/// <summary>
/// Reads RESP3 (redis.io, "Redis serialization protocol specification"), in whatever pieces it comes. What it reads is bounded in bytes, in
/// number and in depth, whatever lengths the other side claims.
/// </summary>
internal static class RespReader
{
    /// <summary>Of a text, an error or a length.</summary>
    internal const int LongestLine = 4 * 1024;

    /// <summary>Of all bytes of one reply.</summary>
    internal const int MostBytes = 16 * 1024 * 1024;

    /// <summary>Of all parts of one reply: we ask for nothing that has more than a few.</summary>
    internal const int MostParts = 1024;

    internal const int DeepestNesting = 8;

    /// <summary>Takes one reply off the buffer.</summary>
    /// <returns>False, and an untouched buffer, when more has to come first.</returns>
    /// <exception cref="RespException">It is nothing that Redis says.</exception>
    internal static bool TryRead(ref ReadOnlySequence<byte> buffer, out RespReply reply)
    {
        var reading = new Reading(buffer);
        if (!reading.TryReply(0, out reply))
        {
            return false;
        }
        buffer = buffer.Slice(reading.Position);
        return true;
    }

    private ref struct Reading(ReadOnlySequence<byte> buffer)
    {
        private SequenceReader<byte> reader = new(buffer);
        private int bytesLeft = MostBytes;
        private int partsLeft = MostParts;

        internal readonly SequencePosition Position => reader.Position;

        internal bool TryReply(int depth, out RespReply reply)
        {
            reply = RespReply.Nothing;
            if (--partsLeft < 0 || depth > DeepestNesting)
            {
                throw new RespException("A reply has too many parts.");
            }
            if (!reader.TryRead(out var kind))
            {
                return false;
            }
            switch (kind)
            {
                case (byte)'+':
                case (byte)'(':
                case (byte)',':
                    return TryText(RespKind.Text, out reply);
                case (byte)'-':
                    return TryText(RespKind.Error, out reply);
                case (byte)'$':
                case (byte)'=':
                    return TryBytes(RespKind.Bytes, out reply);
                case (byte)'!':
                    return TryBytes(RespKind.Error, out reply);
                case (byte)':':
                    return TryNumber(out reply);
                case (byte)'#':
                    return TryTruth(out reply);
                case (byte)'_':
                    return TryNull();
                case (byte)'*':
                case (byte)'~':
                    return TryList(RespKind.List, 1, depth, out reply);
                case (byte)'%':
                    return TryList(RespKind.List, 2, depth, out reply);
                case (byte)'>':
                    return TryList(RespKind.Push, 1, depth, out reply);
                default:
                    throw new RespException("A reply begins with what begins none.");
            }
        }

        private bool TryText(RespKind kind, out RespReply reply)
        {
            var isWhole = TryLine(out var line);
            reply = isWhole ? RespReply.Of(kind, line.ToArray()) : RespReply.Nothing;
            return isWhole;
        }

        private bool TryNumber(out RespReply reply)
        {
            var isWhole = TryLine(out var line);
            reply = isWhole ? RespReply.Of(Number(line)) : RespReply.Nothing;
            return isWhole;
        }

        private bool TryTruth(out RespReply reply)
        {
            reply = RespReply.Nothing;
            if (!TryLine(out var line))
            {
                return false;
            }
            reply =
                line.Length == 1 && line.FirstSpan[0] is (byte)'t' or (byte)'f'
                    ? RespReply.Of(line.FirstSpan[0] == (byte)'t' ? 1 : 0)
                    : throw new RespException("A truth is neither true nor false.");
            return true;
        }

        private bool TryNull() =>
            TryLine(out var line)
            && (line.Length == 0 ? true : throw new RespException("What is nothing has something in it."));

        private bool TryBytes(RespKind kind, out RespReply reply)
        {
            reply = RespReply.Nothing;
            if (!TryLength(out var length))
            {
                return false;
            }
            if (length < 0)
            {
                return true;
            }
            if (length > bytesLeft)
            {
                throw new RespException("A reply is too long.");
            }
            bytesLeft -= length;
            if (reader.Remaining < length + 2)
            {
                return false;
            }
            var bytes = new byte[length];
            reader.TryCopyTo(bytes);
            reader.Advance(length);
            if (!reader.IsNext("\r\n"u8, advancePast: true))
            {
                throw new RespException("Bytes do not end where they said.");
            }
            reply = RespReply.Of(kind, bytes);
            return true;
        }

        private bool TryList(RespKind kind, int each, int depth, out RespReply reply)
        {
            reply = RespReply.Nothing;
            if (!TryLength(out var length))
            {
                return false;
            }
            if (length < 0)
            {
                return true;
            }
            if (length > partsLeft / each)
            {
                throw new RespException("A reply has too many parts.");
            }
            var items = new List<RespReply>();
            for (var i = 0; i < length * each; i++)
            {
                if (!TryReply(depth + 1, out var item))
                {
                    return false;
                }
                items.Add(item);
            }
            reply = RespReply.Of(kind, items);
            return true;
        }

        /// <summary>−1 was RESP2's way of saying that there is nothing.</summary>
        private bool TryLength(out int length)
        {
            length = 0;
            if (!TryLine(out var line))
            {
                return false;
            }
            var number = Number(line);
            length = number is >= -1 and <= int.MaxValue / 2
                ? (int)number
                : throw new RespException("A length is none.");
            return true;
        }

        private bool TryLine(out ReadOnlySequence<byte> line)
        {
            if (!reader.TryReadTo(out line, (byte)'\n'))
            {
                return reader.Remaining <= LongestLine ? false : throw new RespException("A line is too long.");
            }
            if (line.Length > LongestLine)
            {
                throw new RespException("A line is too long.");
            }
            if (line.Length == 0 || line.Slice(line.Length - 1).FirstSpan[0] != (byte)'\r')
            {
                throw new RespException("A line ends too early.");
            }
            bytesLeft -= (int)line.Length;
            line = line.Slice(0, line.Length - 1);
            return true;
        }

        private static long Number(ReadOnlySequence<byte> line)
        {
            Span<byte> text = stackalloc byte[20];
            if (line.Length is 0 or > 20)
            {
                throw new RespException("A number is none.");
            }
            line.CopyTo(text);
            text = text[..(int)line.Length];
            return Utf8Parser.TryParse(text, out long number, out var read) && read == text.Length
                ? number
                : throw new RespException("A number is none.");
        }
    }
}
