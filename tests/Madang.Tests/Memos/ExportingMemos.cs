using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

[Collection(nameof(SharedSqliteYard))]
public sealed class ExportingMemosOnSqlite(SqliteYard yard) : ExportingMemos(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class ExportingMemosOnPostgres(PostgresYard yard) : ExportingMemos(yard);

/// <summary>All of one's memos as files.</summary>
public abstract class ExportingMemos(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_zip_has_a_Markdown_file_for_each_memo_with_what_is_known_of_it()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var id = await me.Write("# 답사\n\n---\n숙소는 경주 😀 #답사/가을 #회의\n\n", "team");
        await me.Put($"{id}/pin");
        await me.Put($"{await me.Write("보관한 것")}/archive");
        await me.Delete($"{await me.Write("버린 것")}");
        await other.Write("남의 것", "team");
        var memo = await me.Read(id);

        await using var zip = new ZipArchive(new MemoryStream(await me.Export("zip")));
        Assert.Equal(2, zip.Entries.Count);
        Assert.All(zip.Entries, entry => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d{6}Z-\d+\.md$", entry.FullName));
        var entry = zip.Entries.Single(entry => entry.FullName.EndsWith($"-{id}.md", StringComparison.Ordinal));
        Assert.Equal(
            $"""
            ---
            id: {id}
            created_at: {memo.Text("created_at")}
            updated_at: {memo.Text("updated_at")}
            pinned_at: {memo.Text("pinned_at")}
            visibility: team
            tags: ["답사/가을", "회의"]
            ---

            # 답사

            ---
            숙소는 경주 😀 #답사/가을 #회의



            """.ReplaceLineEndings("\n"),
            await Text(entry)
        );
        var archived = await Text(zip.Entries.Single(one => one != entry));
        Assert.Contains("\narchived_at: 20", archived, StringComparison.Ordinal);
        Assert.EndsWith("보관한 것\n", archived, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_JSON_is_one_text_that_says_what_it_is()
    {
        var me = await yard.SignUp();
        var id = await me.Write("한 줄 #회의");
        var export = JsonElement.Parse(Encoding.UTF8.GetString(await me.Export("json")));
        Assert.Equal(("madang-memos", 1), (export.Text("format"), export.Number("version")));
        var memo = Assert.Single(export.GetProperty("memos").EnumerateArray());
        Assert.Equal(
            (id, "한 줄 #회의", "회의"),
            (memo.Number("id"), memo.Text("text"), memo.GetProperty("tags")[0].GetString())
        );
        Assert.Equal(
            ["archived_at", "created_at", "deleted_at", "id", "pinned_at", "tags", "text", "updated_at", "visibility"],
            memo.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Without_memos_both_kinds_are_empty_and_whole()
    {
        var me = await yard.SignUp();
        await using var zip = new ZipArchive(new MemoryStream(await me.Export("zip")));
        Assert.Empty(zip.Entries);
        Assert.Equal(0, JsonElement.Parse(await me.Export("json")).GetProperty("memos").GetArrayLength());
        await me.Client.Send(HttpMethod.Get, "/api/v1/memos/export?format=pdf").IsBad("format");
        await yard.Anonymous.Send(HttpMethod.Get, "/api/v1/memos/export").Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_export_of_all_of_ones_data_has_the_trash_and_the_earlier_texts_too()
    {
        var me = await yard.SignUp();
        var id = await me.Write("첫째");
        for (var number = 2; number <= 60; number++)
        {
            await me.Patch(id, new { text = $"{number}째" });
        }
        await me.Delete($"{id}");
        using var answer = await me.Client.GetAsync("/api/v1/users/me/export", Stop);
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(Stop));
        var memos = JsonElement.Parse(await Text(zip.GetEntry("memos.json")!)).GetProperty("memos");
        var memo = Assert.Single(memos.EnumerateArray());
        Assert.Equal(("60째", JsonValueKind.String), (memo.Text("text"), memo.GetProperty("deleted_at").ValueKind));
        var history = JsonElement.Parse(await Text(zip.GetEntry("memo_history.json")!)).EnumerateArray().ToList();
        Assert.Equal(59, history.Count);
        Assert.Equal(("59째", "첫째"), (history[0].Text("text"), history[^1].Text("text")));
    }

    private static async Task<string> Text(ZipArchiveEntry entry)
    {
        await using var content = await entry.OpenAsync(Stop);
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync(Stop);
    }
}
