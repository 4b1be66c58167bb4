using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class FindingMemosOnSqlite(SqliteYard yard) : FindingMemos(yard), IClassFixture<SqliteYard>;

public sealed class FindingMemosOnPostgres(PostgresYard yard) : FindingMemos(yard), IClassFixture<PostgresYard>;

public abstract class FindingMemos(Yard yard)
{
    [Theory]
    [InlineData("회의록을 책장에", "회의")]
    [InlineData("회의록을 책장에", "의록")]
    [InlineData("책 한 권", "책")]
    [InlineData("배우는 언어: C++ 그리고 C#", "C++")]
    [InlineData("Deploy BEFORE Friday", "before")]
    [InlineData("deploy before friday", "FRIDAY")]
    [InlineData("100% of_it", "% of_")]
    [InlineData("a'b\"c;d", "'b\"c;")]
    [InlineData("축하해요 🎉🎂", "🎉🎂")]
    [InlineData("Ἀθῆναι καὶ Σπάρτης", "σπάρτης")]
    [InlineData("줄이\n바뀌어도", "이\n바")]
    [InlineData("OR AND NOT NEAR", "AND NOT")]
    public async Task A_memo_is_found_by_any_part_of_its_text_in_any_case(string text, string sought)
    {
        var me = await yard.SignUp();
        var mine = await me.Write(text);
        await me.Write("다른 이야기");
        var shared = await me.Write(text, "team");

        Assert.Equal([shared, mine], await me.Find(sought));
        Assert.Contains(shared, await me.Find(sought, "team"));
        Assert.DoesNotContain(mine, await me.Find(sought, "team"));
    }

    [Fact]
    public async Task Composed_and_decomposed_Hangul_are_the_same()
    {
        var me = await yard.SignUp();
        var id = await me.Write("회의".Normalize(System.Text.NormalizationForm.FormD));

        Assert.Equal([id], await me.Find("회의"));
        Assert.Equal("회의", (await me.Read(id)).GetProperty("text").GetString());
    }

    [Fact]
    public async Task All_pairs_of_a_query_without_the_query_itself_are_not_enough()
    {
        var me = await yard.SignUp();
        await me.Write("가나 나다", "team");

        Assert.Empty(await me.Find("가나다", "team"));
    }

    [Fact]
    public async Task An_edited_memo_is_found_by_its_new_text_alone()
    {
        var me = await yard.SignUp();
        var id = await me.Write("여름휴가 계획표", "team");
        await me.Patch(id, new { text = "겨울방학 숙제" });

        Assert.Empty(await me.Find("휴가", "team"));
        Assert.Equal([id], await me.Find("방학", "team"));
        await me.Patch(id, new { visibility = "private" });
        Assert.Empty(await me.Find("방학", "team"));
        await me.Patch(id, new { visibility = "team", text = "봄소풍 도시락" });
        Assert.Equal([id], await me.Find("소풍", "team"));
    }

    [Fact]
    public async Task A_tag_gathers_its_memos_and_those_of_the_tags_nested_in_it()
    {
        var me = await yard.SignUp();
        var nested = await me.Write("버스 예약 #답사/가을/준비");
        var plain = await me.Write("회비 #답사");
        var other = await me.Write("#답사록 은 다른 태그");

        Assert.Equal([plain, nested], await me.List("tag=답사"));
        Assert.Equal([nested], await me.List("tag=답사/가을"));
        Assert.Equal([nested], await me.List("tag=%23답사/가을/준비"));
        Assert.Equal([other], await me.List("tag=답사록"));
        await me.Patch(nested, new { text = "버스 예약" });
        Assert.Equal([plain], await me.List("tag=답사"));
    }

    [Fact]
    public async Task A_tag_in_the_team_list_gathers_everybodys_team_memos()
    {
        var (kim, lee) = (await yard.SignUp(), await yard.SignUp());
        var shared = await kim.Write("#공유함께 보기", "team");
        await lee.Write("#공유함께 혼자 보기");

        Assert.Equal([shared], await lee.List("scope=team&tag=공유함께"));
    }

    [Fact]
    public async Task Pinned_and_archived_memos_have_lists_of_their_own()
    {
        var me = await yard.SignUp();
        var (plain, pinned, archived) = (await me.Write("하나"), await me.Write("둘"), await me.Write("셋"));
        await me.Put($"{pinned}/pin");
        await me.Put($"{archived}/archive");

        Assert.Equal([pinned, plain], await me.List(""));
        Assert.Equal([pinned], await me.List("pinned=true"));
        Assert.Equal([plain], await me.List("pinned=false"));
        Assert.Equal([archived], await me.List("archived=true"));
    }
}
