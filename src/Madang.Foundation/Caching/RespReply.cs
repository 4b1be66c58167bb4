namespace Madang.Foundation.Caching;

/// <summary>What a reply of Redis is.</summary>
internal enum RespKind
{
    /// <summary>There is nothing.</summary>
    Null,

    /// <summary>A short text, such as <c>OK</c>.</summary>
    Text,

    /// <summary>The server refuses; the text says why.</summary>
    Error,

    /// <summary>A whole number, or 0 and 1 for a truth.</summary>
    Number,

    /// <summary>Any bytes.</summary>
    Bytes,

    /// <summary>Replies in a row; of a map, its names and values in turn.</summary>
    List,

    /// <summary>A list that nobody asked for: a message of a channel.</summary>
    Push,
}

/// <summary>One reply.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">Of a text, an error or bytes.</param>
/// <param name="Number">Of a number.</param>
/// <param name="Items">Of a list or a push.</param>
internal sealed record RespReply(RespKind Kind, byte[] Bytes, long Number, IReadOnlyList<RespReply> Items)
{
    internal static readonly RespReply Nothing = new(RespKind.Null, [], 0, []);

    internal bool IsError => Kind == RespKind.Error;

    /// <summary>A text, an error's sentence or bytes, for people: nothing in it upsets a terminal.</summary>
    internal string Text =>
        string.Concat(
            System
                .Text.Encoding.UTF8.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 200)))
                .Where(letter => !char.IsControl(letter))
        );

    internal static RespReply Of(RespKind kind, byte[] bytes) => new(kind, bytes, 0, []);

    internal static RespReply Of(long number) => new(RespKind.Number, [], number, []);

    internal static RespReply Of(RespKind kind, IReadOnlyList<RespReply> items) => new(kind, [], 0, items);
}

/// <summary>What comes from the other side is no RESP3, or more of it than we take: nothing after it can be understood.</summary>
internal sealed class RespException(string message) : Exception(message);
