using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Caching;

namespace Madang.Tests.Caching;

/// <summary>What Redis says is understood in whatever pieces it comes, and what nobody says ends in one kind of exception.</summary>
public sealed class UnderstandingReplies
{
    private const string All =
        "+OK\r\n-ERR no such thing\r\n:-42\r\n$5\r\nab\r\nc\r\n$0\r\n\r\n$-1\r\n_\r\n#t\r\n#f\r\n,3.14\r\n(12345678901234567890123\r\n"
        + "!7\r\nBAD one\r\n=7\r\ntxt:마\r\n*2\r\n:1\r\n*1\r\n+in\r\n%1\r\n+server\r\n+redis\r\n~1\r\n:9\r\n*-1\r\n*0\r\n"
        + ">3\r\n+message\r\n$1\r\nc\r\n$2\r\nhi\r\n";

    [Fact]
    public void Every_kind_is_read_as_what_it_is()
    {
        var replies = Read([Encoding.UTF8.GetBytes(All)]);
        Assert.Equal(
            "Text OK|Error ERR no such thing|Number -42|Bytes abc|Bytes |Null |Null |Number 1|Number 0|Text 3.14|"
                + "Text 12345678901234567890123|Error BAD one|Bytes txt:마|List [Number 1, List [Text in]]|"
                + "List [Text server, Text redis]|List [Number 9]|Null |List []|Push [Text message, Bytes c, Bytes hi]",
            string.Join('|', replies.Select(Told))
        );
        // Bytes are any bytes: what people are shown leaves the line's end out, the value doesn't.
        Assert.Equal("ab\r\nc"u8.ToArray()[..5], replies[3].Bytes);
    }

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_replies()
    {
        var bytes = Encoding.UTF8.GetBytes(All);
        var whole = string.Join('|', Read([bytes]).Select(Told));
        Prop.ForAll(
                Gen.Choose(1, bytes.Length - 1).ArrayOf().ToArbitrary(),
                cuts =>
                {
                    int[] places = [0, .. cuts.Distinct().Order(), bytes.Length];
                    var pieces = places.Zip(places.Skip(1), (from, to) => bytes[from..to]).ToList();
                    return string.Join('|', Read(pieces).Select(Told)) == whole;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Random_bytes_end_in_replies_in_waiting_or_in_the_one_exception()
    {
        // Of what replies are made of, so that many begin well.
        var letters = Gen.Elements([.. "+-:$*%~>_#=!(,0123456789\r\n\r\n\0x"u8.ToArray()]);
        Prop.ForAll(
                letters.ArrayOf(60).ToArbitrary(),
                bytes =>
                {
                    try
                    {
                        Read([bytes]);
                        return true;
                    }
                    catch (RespException)
                    {
                        return true;
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Theory]
    [InlineData("hello\r\n")]
    [InlineData("\r\n")]
    [InlineData(":12a\r\n")]
    [InlineData(":\r\n")]
    [InlineData(":99999999999999999999\r\n")]
    [InlineData("+a\n")]
    [InlineData("#x\r\n")]
    [InlineData("_x\r\n")]
    [InlineData("$3\r\nabcd\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$99999999999\r\n")]
    [InlineData("$16777217\r\n")]
    [InlineData("*1025\r\n")]
    [InlineData("*2147483647\r\n")]
    [InlineData("%600\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n")]
    public void What_is_broken_or_without_measure_is_refused(string text) =>
        Assert.Throws<RespException>(() => Read([Encoding.UTF8.GetBytes(text)]));

    [Fact]
    public void A_line_without_an_end_is_refused_before_it_fills_the_memory()
    {
        var line = Encoding.ASCII.GetBytes("+" + new string('x', RespReader.LongestLine + 1));
        Assert.Throws<RespException>(() => Read([line]));
    }

    /// <summary>As the session reads: what is not whole yet waits for the next piece.</summary>
    private static List<RespReply> Read(IReadOnlyList<byte[]> pieces)
    {
        var replies = new List<RespReply>();
        var held = new List<byte[]>();
        foreach (var piece in pieces)
        {
            held.Add(piece);
            var buffer = Sequence(held);
            while (RespReader.TryRead(ref buffer, out var reply))
            {
                replies.Add(reply);
            }
            held = [buffer.ToArray()];
        }
        return replies;
    }

    /// <summary>Pieces as they stand in a pipe: each a segment of its own.</summary>
    private static ReadOnlySequence<byte> Sequence(List<byte[]> pieces)
    {
        var first = new Segment(pieces[0], null);
        var last = pieces.Skip(1).Aggregate(first, (before, piece) => new Segment(piece, before));
        return new(first, 0, last, last.Memory.Length);
    }

    private static string Told(RespReply reply) =>
        reply.Kind switch
        {
            RespKind.Number => $"Number {reply.Number}",
            RespKind.List or RespKind.Push => $"{reply.Kind} [{string.Join(", ", reply.Items.Select(Told))}]",
            _ => $"{reply.Kind} {reply.Text}",
        };

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal Segment(byte[] piece, Segment? before)
        {
            Memory = piece;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
