using FsCheck;
using FsCheck.Fluent;
using Madang.Memos;
using Madang.Memos.Rendering;

namespace Madang.Tests.Memos;

/// <summary>What a memo's Markdown becomes on a page, and what it never does.</summary>
public sealed class RenderingMemos
{
    [Theory]
    [InlineData("한 줄\n두 줄", "<p>한 줄<br>\n두 줄</p>")]
    [InlineData(
        "**굵게** *기울여* ~~지움~~ `코드`",
        "<p><strong>굵게</strong> <em>기울여</em> <del>지움</del> <code>코드</code></p>"
    )]
    [InlineData("### 셋\n# 하나\n## 둘", "<h2>셋</h2>\n<h2>하나</h2>\n<h3>둘</h3>")]
    [InlineData("```js\nif (a < b) {}\n```", "<pre><code>if (a &lt; b) {}</code></pre>")]
    [InlineData("> 인용", "<blockquote>\n<p>인용</p>\n</blockquote>")]
    [InlineData("3. 셋\n4. 넷", "<ol start=\"3\">\n<li>셋\n</li>\n<li>넷\n</li>\n</ol>")]
    [InlineData(
        "a | b\n--|--:\n1 | 2",
        "<div class=\"scroll\"><table class=\"table\">\n<tr><th>a\n</th><th class=\"amount\">b\n</th></tr>\n<tr><td>1\n</td><td class=\"amount\">2\n</td></tr>\n</table></div>"
    )]
    public void Is_what_it_says(string text, string html) => Assert.Equal(html, Html(text));

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("a <b onclick=\"x\">c</b>")]
    [InlineData("<!-- --> &lt;script&gt; \"<i>\"")]
    [InlineData("```\n</code></pre><script>\n```")]
    [InlineData("[<script>](/a \"<script>\")")]
    public void Raw_HTML_is_text(string text) => Assert.DoesNotMatch("<(script|img|b|i|!)", Html(text));

    [Theory]
    [InlineData("[a](https://example.com/?q=\"&b)", "https://example.com/?q=&quot;&amp;b")]
    [InlineData("https://example.com/a#b", "https://example.com/a#b")]
    [InlineData("<mailto:a@example.com>", "mailto:a@example.com")]
    [InlineData("[a](/memos/1)", "/memos/1")]
    public void Links_lead_to_the_web_a_mail_or_this_yard(string text, string address) =>
        Assert.Contains($"<a href=\"{address}\" rel=\"noopener nofollow ugc\">", Html(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("[a](JaVaScRiPt:alert(1))")]
    [InlineData("[a](java&#115;cript:alert(1))")]
    [InlineData("[a](&#1;javascript:alert(1))")]
    [InlineData("[a](java&Tab;script:alert(1))")]
    [InlineData("[a](data:text/html,x)")]
    [InlineData("[a](vbscript:x)")]
    [InlineData("[a](//evil.example)")]
    [InlineData("[a](/\\\\evil.example)")]
    [InlineData("[a](ftp://example.com)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("[a][b]\n\n[b]: javascript:alert(1)")]
    [InlineData("![a](javascript:alert(1))")]
    public void No_other_address_is_a_link(string text) =>
        Assert.DoesNotContain("href", Html(text), StringComparison.Ordinal);

    [Fact]
    public void Pictures_are_ours_with_their_size_and_others_are_links()
    {
        var id = "abcdefghijklmnopqrstuvwxyz-1200x800";
        Assert.Equal(
            $"<p><img src=\"/memos/pictures/{id}\" width=\"1200\" height=\"800\" loading=\"lazy\" alt=\"창 &quot;밖&quot;\"></p>",
            Html($"![창 \"**밖**\"](/memos/pictures/{id})")
        );
        foreach (
            var other in new[]
            {
                "https://example.com/a.png",
                $"/memos/pictures/../{id}",
                $"/memos/pictures/{id}?x",
                "/a.png",
            }
        )
        {
            Assert.DoesNotContain("<img", Html($"![a]({other})"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("#회의 하고", "회의")]
    [InlineData("(#답사/가을)", "답사/가을")]
    [InlineData("**#책** #C", "책 C")]
    [InlineData("`#코드` C# a#b \\#아님 #1", "")]
    [InlineData("[#안](https://example.com/#밖) https://example.com/#조각", "")]
    [InlineData("# 제목 #태그", "태그")]
    [InlineData("    #코드", "")]
    public void Tags_lead_to_their_memos_where_they_are_tags(string text, string tags)
    {
        var found = System.Text.RegularExpressions.Regex.Matches(
            Html(text),
            "<a class=\"tag\" href=\"/memos\\?tag=([^\"]*)\">"
        );
        Assert.Equal(
            tags.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            found.Select(match => Uri.UnescapeDataString(match.Groups[1].Value))
        );
    }

    [Theory]
    [InlineData("회의록을 보세요", "회의", "<p><mark>회의</mark>록을 보세요</p>")]
    [InlineData("Kafka KAFKA", "kafka", "<p><mark>Kafka</mark> <mark>KAFKA</mark></p>")]
    [InlineData("회**의**록", "회의", "<p><mark>회</mark><strong><mark>의</mark></strong>록</p>")]
    [InlineData("snake_case C#", "e_c", "<p>snak<mark>e_c</mark>ase C#</p>")]
    [InlineData("a < b & c", "< b &", "<p>a <mark>&lt; b &amp;</mark> c</p>")]
    [InlineData("Ünïon ΣΊΣΥΦΟΣ", "σίσυφος", "<p>Ünïon <mark>ΣΊΣΥΦΟΣ</mark></p>")]
    [InlineData("amp & quot", "amp", "<p><mark>amp</mark> &amp; quot</p>")]
    [InlineData(
        "[strong](https://strong.example/strong)",
        "strong",
        "<p><a href=\"https://strong.example/strong\" rel=\"noopener nofollow ugc\"><mark>strong</mark></a></p>"
    )]
    [InlineData("끝\n\n처음", "끝처음", "<p>끝</p>\n<p>처음</p>")]
    [InlineData("가나다", "\u1100\u1161\u1102\u1161", "<p><mark>가나</mark>다</p>")]
    public void Hits_are_marked_as_the_search_folds_them_and_only_in_text(string text, string sought, string html) =>
        Assert.Equal(html, Html(text, new() { Sought = sought }));

    [Fact]
    public void A_long_memo_is_cut_where_its_Markdown_stays_whole()
    {
        var (html, isCut) = new MemoLook { Most = 30 }.Show(
            $"- **굵은 {new string('가', 40)} 끝**\n- 둘째\n\n```\n{new string('x', 50)}\n```"
        );
        Assert.True(isCut);
        Assert.Matches("^<ul>\n<li><strong>굵은 가+ …</strong>\n</li>\n</ul>$", html.Value.Trim());
        Assert.Equal(("<p>짧아요</p>", false), Shown("짧아요"));
        Assert.True(Shown(new string('가', 100_000)).IsCut);

        static (string, bool IsCut) Shown(string text)
        {
            var (html, isCut) = new MemoLook { Most = 30 }.Show(text);
            Assert.InRange(html.Value.Length, 1, 400);
            return (html.Value.Trim(), isCut);
        }
    }

    [Fact]
    public void Nothing_that_is_typed_breaks_it()
    {
        const string Pieces =
            "[ ![ [a]( []( *a_  a* )* **a ~~a |a | < <a@ www.a.b- `a`` [[a]]( *_~~ #a \\ &amp; ***a _a](* > - 1.";
        foreach (
            var piece in Pieces
                .Split(' ')
                .Concat(["> ", "- ", "1. ", "- a\n ", "|\n", "[a]: b\n", "a\n=\n", "- [ ] a\n"])
        )
        {
            Assert.NotEmpty(Html(string.Concat(Enumerable.Repeat(piece, 20_000 / Math.Max(1, piece.Length)))));
        }
    }

    [Theory, InlineData("[a]("), InlineData("a)*"), InlineData("*a")]
    public void A_memo_of_nothing_but_marks_is_shown_as_it_was_typed_instead_of_taking_minutes(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, Memo.LongestText / piece.Length));
        Assert.Equal($"<p>{text}</p>\n<p><em>글</em></p>", Html($"{text}\n\n*글*"));
    }

    [Theory, InlineData("> "), InlineData("- "), InlineData("1. ")]
    public void A_memo_nested_deeper_than_anybody_writes_is_shown_as_it_was_typed(string mark)
    {
        var text = $"{string.Concat(Enumerable.Repeat(mark, 2_000))}글";
        Assert.Equal(MemoHtml.Plain(text), Html(text));
        var nested = string.Join(
            '\n',
            Enumerable.Range(0, 300).Select(depth => $"{new string(' ', 2 * depth)}- {depth}")
        );
        Assert.Contains("299", Html(nested), StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_are_counted_in_the_text_as_on_the_page()
    {
        var text = "- [ ] 하나 [x] 아님\n- [x] 둘\n  1. [X] 셋\n\n```\n- [ ] 코드\n```\n> - [ ] 넷 `[ ]`\n\n[ ] 글";
        var numbers = Enumerable.Range(1, 4).ToList();
        var html = Html(text, new() { Ticks = 7, Whole = text });
        Assert.All(numbers, number => Assert.Contains($"/memos/7/tasks/{number}?", html, StringComparison.Ordinal));
        Assert.DoesNotContain("/tasks/5", html, StringComparison.Ordinal);

        var all = numbers.Aggregate(text, (now, number) => MemoTasks.Set(now, number, true)!);
        Assert.Equal(
            "- [x] 하나 [x] 아님\n- [x] 둘\n  1. [x] 셋\n\n```\n- [ ] 코드\n```\n> - [x] 넷 `[ ]`\n\n[ ] 글",
            all
        );
        Assert.Equal(MemoTasks.Fingerprint(text), MemoTasks.Fingerprint(all));
        Assert.Null(MemoTasks.Set(text, 5, true));
        Assert.Null(MemoTasks.Set(text, 0, true));
    }

    [Theory]
    [InlineData("# 제목\n글", "제목")]
    [InlineData("- [ ] **버스** 예약", "버스 예약")]
    [InlineData("![창밖](/memos/pictures/a) 보기", "창밖 보기")]
    [InlineData("\n\n[여기](https://example.com) #태그", "여기 #태그")]
    [InlineData("---", "---")]
    public void In_a_line_it_begins_with_its_words(string text, string words) =>
        Assert.Equal(words, MemoLook.FirstWords(text));

    [Fact]
    public void A_line_without_Markdown_begins_with_the_words_that_Markdown_finds()
    {
        var plain = Gen.Frequency(
            (12, Gen.Elements("aZw가힣漢é09 .,?!'\"".ToCharArray())),
            (1, Gen.Elements("#-*:/\t\n".ToCharArray()))
        );
        var texts = from length in Gen.Choose(0, 12) from rest in plain.ArrayOf(length) select $"글{new string(rest)}";
        Prop.ForAll(
                Gen.OneOf(texts, texts.Select(text => $"www.{text}.com")).ToArbitrary(),
                text => Assert.Equal(MemoLook.FirstLeaf(text), MemoLook.FirstWords(text))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static string Html(string text, MemoLook? look = null) =>
        (look ?? new MemoLook()).Show(text).Html.Value.Trim();
}
