using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Madang.Foundation.Data;

namespace Madang.Foundation.Http;

/// <summary>
/// A place in a list that goes by (time, id) and grows without bound: what comes after it, or before it, whatever is added
/// meanwhile. Clients see an opaque text.
/// </summary>
/// <param name="At">The time of the thing it stands at.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsBackward">Whether it leads to what comes before the thing.</param>
public sealed record Cursor(DateTimeOffset At, long Id, bool IsBackward) : IParsable<Cursor>
{
    private const int Length = 17;
    private const long LatestMicroseconds = 253_402_300_799_999_999;

    /// <inheritdoc />
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = IsBackward ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], Instant.ToMicroseconds(At));
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Id);
        return Base64Url.EncodeToString(bytes);
    }

    /// <inheritdoc />
    public static Cursor Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var cursor) ? cursor : throw new FormatException("Not a cursor.");

    /// <inheritdoc />
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out Cursor result
    )
    {
        result = null;
        Span<byte> bytes = stackalloc byte[Length];
        if (
            s is null
            || s.Length != Base64Url.GetEncodedLength(Length)
            || Base64Url.DecodeFromChars(s, bytes, out _, out var written) != OperationStatus.Done
            || written != Length
            || bytes[0] > 1
            || Base64Url.EncodeToString(bytes) != s
        )
        {
            return false;
        }
        var at = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        var id = BinaryPrimitives.ReadInt64BigEndian(bytes[9..]);
        if (at is < 0 or > LatestMicroseconds || id < 0)
        {
            return false;
        }
        result = new(Instant.FromMicroseconds(at), id, bytes[0] == 1);
        return true;
    }
}
