using Madang.Memos;

namespace Madang.Tests.Memos;

public sealed class TagsOfAText
{
    [Theory]
    [InlineData("#회의 하고 #답사/가을", "회의 답사/가을")]
    [InlineData("끝에 #태그", "태그")]
    [InlineData("(#괄호) #쉼표, #마침.", "괄호 쉼표 마침")]
    [InlineData("#같은 #같은 #Same #same", "같은 Same")]
    [InlineData("#tags/like/this/", "tags/like/this")]
    [InlineData("#a//b", "a")]
    [InlineData("# 제목", "")]
    [InlineData("## 작은 제목", "")]
    [InlineData("#1 #2026 #2026년", "2026년")]
    [InlineData("C#은 언어, a#b", "")]
    [InlineData("https://example.com/#조각 &#39;", "")]
    [InlineData("`#코드` 와 #글", "글")]
    [InlineData("```\n#코드\n```\n#글", "글")]
    [InlineData("\\#아님", "")]
    [InlineData("#日本語 #ελληνικά #😀", "日本語 ελληνικά 😀")]
    [InlineData("#snake_case-과-줄표", "snake_case-과-줄표")]
    public void Are_words_behind_a_hash_outside_of_words_addresses_and_code(string text, string tags) =>
        Assert.Equal(tags.Split(' ', StringSplitOptions.RemoveEmptyEntries), MemoTags.In(text));

    [Fact]
    public void Are_found_under_each_tag_that_they_are_nested_in() =>
        Assert.Equal(["tags", "tags/like", "tags/like/this"], MemoTags.KeysOf("Tags/Like/this"));
}
