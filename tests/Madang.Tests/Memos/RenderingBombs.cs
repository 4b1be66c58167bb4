using System.Diagnostics;
using Madang.Memos;
using Madang.Memos.Rendering;
using Madang.Tests.Faults;

namespace Madang.Tests.Memos;

/// <summary>Texts that were made to take long, to nest deep, or to become far more than they are.</summary>
public sealed class RenderingBombs
{
    private const string Pieces = """
        [a] ![a] [a][] > >~ >_a~ -_ -~ -_a~ 1._ 1.~ *_*_*~ *a_ *a*_ **a* _a__ ~~a~~ a*_ [ [[ [a]( ![]( ![ ]( ] [a]:_b~ [a]:_b~~ < <a
        <http://a> </ <!-- <? | ||~ |a|~ a|b~-|-~ |_a~ -| ` ``a` `a~ ```~ & &amp &#1; \ \~ # #a #_a~ #a_# #a/ -_[_]_a~ -_[_]~ [_]_ www.
        www.a.b_ (http:// http://_ (http://_ mailto: (www.a ftp://a.b( a~=~ a~~ ____a~ __-_a~ a__~ ~ _~ -_a~~ >_-_ -_>_ >_>_a~>_b~ 가 #가_ " '
        """;

    private static readonly string Address = $"https://example.com/{new string('a', 40_000)}";

    [Fact]
    public void Whatever_is_repeated_takes_but_a_moment_and_does_not_grow()
    {
        var length = Form.Rounds(10_000, Memo.LongestText);
        foreach (var one in Pieces.Split([' ', '\n']))
        {
            var piece = one.Replace('_', ' ').Replace('~', '\n');
            Holds(one, Many(piece, length / piece.Length));
        }
    }

    [Theory]
    [InlineData("[a]\n\n", 12_000)]
    [InlineData("[a] ", 14_000)]
    [InlineData("![a]\n\n", 9_000)]
    public void A_reference_used_thousands_of_times_brings_no_more_than_it_may(string use, int times)
    {
        Holds("an address", $"[a]: {Address}\n\n{Many(use, times)}");
        Holds("one with an escape", $"[a]: {Address}&amp;\n\n{Many(use, times)}");
        Holds("a title", $"[a]: /b \"{Address}\"\n\n{Many(use, times)}");
        Holds("one that comes later", $"{Many(use, times)}\n\n[a]: {Address}");
        Holds("a short text", $"[a]: /{new string('a', 1_000)}\n\n{Many(use, 300)}");
    }

    [Fact]
    public void A_reference_that_is_used_as_people_use_them_is_a_link() =>
        Assert.Contains(
            "<a href=\"/seoul\" rel=\"noopener nofollow ugc\">서울</a>",
            Html($"{Many("[서울] ", 200)}\n\n[서울]: /seoul"),
            StringComparison.Ordinal
        );

    [Fact]
    public void What_goes_deep_or_wide_takes_but_a_moment_and_does_not_grow()
    {
        Holds("a wide table", $"{Many("a|", 500)}\n{Many("-|", 500)}\n{Many("a|\n", 5_000)}");
        Holds("definitions", string.Concat(Enumerable.Range(0, 9_000).Select(at => $"[a{at}]: b\n")));
        Holds("addresses", Many("(http://", 12_500));
        Holds("deep quotations", $"{Many(">", 390)}a\n{Many("b\n", 49_000)}");
        Holds("deep lists", $"{Many("- ", 190)}a\n{Many("\n", 98_000)}");
        Holds("stairs", $"{Stairs(60)}{Many("\n", 95_000)}");
        Holds("high stairs", Stairs(310));
        Holds("emphasis", Many($"{Many("*a ", 200)}{Many("a* ", 200)}\n\n", 80));
        Holds("brackets", Many($"{Many("[", 200)}{Many("]", 200)}\n\n", 240));
        Holds("pictures", Many($"{Many("![", 100)}{Many("](/)", 100)}\n\n", 160));
        Holds("tasks", Many("- [ ] \"\"\"\"\"\n", 8_000));
    }

    private static string Many(string piece, int count) => string.Concat(Enumerable.Repeat(piece, count));

    private static string Stairs(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(at => $"{new string(' ', at)}- a\n"));

    private static string Html(string text) =>
        new MemoLook
        {
            Ticks = 7,
            Whole = text,
            IsTeam = true,
        }
            .Show(text)
            .Html.Value;

    private static void Holds(string name, string text)
    {
        var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        var html = Html(text);
        var (time, memory) = (watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);

        Assert.True(html.Length <= (40 * text.Length) + (16 * 1024), $"{name}: {text.Length} became {html.Length}.");
        Assert.True(memory < 200_000_000, $"{name}: {memory} bytes.");
        Form.Within(TimeSpan.FromSeconds(2), time, name);
    }
}
