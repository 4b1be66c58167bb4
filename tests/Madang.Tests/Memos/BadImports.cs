using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

/// <summary>Files that are not what they say, break off, or were made to do harm.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class BadImports(SqliteYard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_that_is_no_memo_is_named_with_its_reason_and_the_rest_comes_in()
    {
        var me = await yard.SignUp();
        const string Facts = "---\ncreated_at: 2024-03-14T09:30:00Z\n---\n\n";
        var file = MovingCalls.Zip(
            ("good.md", MovingCalls.Utf8($"{Facts}좋은 것\n")),
            ("2024-03-14T09:30:00Z-PROTECTED.md", MovingCalls.Utf8("이름에 때가 있는 것")),
            ("../../etc/out.md", MovingCalls.Utf8($"{Facts}밖으로\n")),
            ("/root.md", MovingCalls.Utf8($"{Facts}뿌리로\n")),
            ("utf16.md", Encoding.Unicode.GetBytes("﻿두 바이트")),
            ("nul.md", MovingCalls.Utf8($"{Facts}a\0b\n")),
            ("empty.md", MovingCalls.Utf8($"{Facts}  \n")),
            ("long.md", MovingCalls.Utf8(Facts + new string('가', 100_001))),
            ("longest.md", MovingCalls.Utf8(Facts + new string('나', 100_000) + "\n")),
            ("when.md", MovingCalls.Utf8("---\ncreated_at: gestern\n---\n\n언제\n")),
            ("future.md", MovingCalls.Utf8("---\ncreated_at: 2999-01-01T00:00:00Z\n---\n\n나중에\n")),
            ("picture.png", [1, 2, 3]),
            ("__MACOSX/._good.md", [0, 1])
        );
        var import = await me.Import(file);
        Assert.Equal("done 11: 3 0 8", import.Counts());
        Assert.Equal(
            [
                "../../etc/out.md odd_name",
                "/root.md odd_name",
                "utf16.md not_text",
                "nul.md not_text",
                "empty.md empty",
                "long.md too_long",
                "when.md bad_time",
                "future.md bad_time",
            ],
            import.Refusals()
        );
        Assert.Contains(
            await me.All(),
            memo => memo.StartsWith("이름에 때가 있는 것|[]|team|", StringComparison.Ordinal)
        );
        Assert.Equal("done 11: 0 3 8", (await me.Import(file, "dry_run=true")).Counts());
    }

    [Fact]
    public async Task A_file_that_breaks_off_adds_nothing()
    {
        var (from, to) = (await yard.SignUp(), await yard.SignUp());
        foreach (var number in Enumerable.Range(0, 60))
        {
            await from.Write($"메모 {number}");
        }
        foreach (var (format, problem) in new[] { ("zip", "broken_zip"), ("json", "broken_json") })
        {
            var whole = await from.Export(format);
            var import = await to.Import(whole[..^30]);
            Assert.Equal(("failed", problem), (import.Text("state"), import.Text("problem")));
        }
        Assert.Empty(await to.All());
    }

    [Theory]
    [InlineData("그냥 글", "unknown_kind")]
    [InlineData("{\"memos\":[]}", "nothing")]
    [InlineData("{\"memos\":[{\"content\":\"a\\ud800\",\"createdTs\":1600000000},", "broken_json")]
    [InlineData("[1,2,3]", "nothing")]
    [InlineData("{\"a\":{\"memos\":[{\"content\":\"x\",\"createdTs\":1600000000}]}}", "nothing")]
    [InlineData("PK\u0003\u0004 nothing more", "broken_zip")]
    [InlineData("SQLite format 3\0 nothing more", "broken_database")]
    public async Task A_file_that_cannot_be_read_says_why(string text, string problem)
    {
        var me = await yard.SignUp();
        var import = await me.Import(text);
        Assert.Equal(("failed", problem), (import.Text("state"), import.Text("problem")));
    }

    [Fact]
    public async Task Half_a_character_in_JSON_refuses_its_memo_alone()
    {
        var me = await yard.SignUp();
        var import = await me.Import(
            """[{"content":"a\ud800b","createdTs":1600000000},{"content":"좋은 것","createdTs":1600000000},{"text":"버린 것","created_at":"2024-03-14T09:30:00Z","deleted_at":"2024-03-15T09:30:00Z"},{}]"""
        );
        Assert.Equal("done 4: 1 0 3", import.Counts());
        Assert.Equal(["#1 not_text", "#3 in_trash", "#4 not_a_memo"], import.Refusals());
    }

    [Fact]
    public async Task What_unpacks_to_far_more_than_it_is_stops_early_and_takes_no_memory()
    {
        var me = await yard.SignUp();
        var bomb = new MemoryStream();
        using (var zip = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            var spaces = new byte[1024 * 1024];
            spaces.AsSpan().Fill((byte)' ');
            foreach (var name in new[] { "a.md", "b.md" })
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                for (var mebibyte = 0; mebibyte < 100; mebibyte++)
                {
                    entry.Write(spaces);
                }
            }
        }
        var watch = Stopwatch.StartNew();
        var import = await me.Import(bomb.ToArray());
        Assert.Equal(["a.md too_long", "b.md too_long"], import.Refusals());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");

        // One object of JSON that never ends.
        var endless = await me.Import($$"""[{"content":"{{new string('x', 9 * 1024 * 1024)}}"}]""");
        Assert.Equal("too_large_a_part", endless.Text("problem"));
    }

    [Fact]
    public async Task A_zip_with_millions_of_names_is_not_even_opened()
    {
        var me = await yard.SignUp();
        // A list of files of 20 MiB, as the end of the zip says; what stands in it is never read.
        var file = new byte[20 * 1024 * 1024];
        "PK\u0003\u0004"u8.CopyTo(file);
        "PK\u0005\u0006"u8.CopyTo(file.AsSpan(file.Length - 22));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(file.Length - 6), 100);
        Assert.Equal("too_many", (await me.Import(file)).Text("problem"));
    }

    [Fact]
    public async Task Nothing_and_too_much_are_refused_before_anything_is_kept()
    {
        var me = await yard.SignUp();
        await me.Client.PostAsync("/api/v1/memos/imports", null, Stop).Is(HttpStatusCode.BadRequest);
        using var content = new StreamContent(Stream.Null);
        content.Headers.ContentLength = (256L * 1024 * 1024) + 1;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/memos/imports") { Content = content };
        request.Headers.ExpectContinue = true;
        await me.Client.SendAsync(request, Stop).Is(HttpStatusCode.RequestEntityTooLarge);
        Assert.DoesNotContain(yard.Uploads(), path => path.StartsWith(".passing/new", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_user_has_one_import_at_a_time()
    {
        var me = await yard.SignUp();
        var big = MovingCalls.Utf8(
            $"[{string.Join(',', Enumerable.Range(0, 3000).Select(at => $$"""{"content":"메모 {{at}}","createdTs":{{1_600_000_000 + at}}}"""))}]"
        );
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => me.Client.PostAsync("/api/v1/memos/imports", new ByteArrayContent(big), Stop))
        );
        var made = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        var import = await me.Ended((await made.Json(HttpStatusCode.Created)).Number("id"));
        Assert.Equal("done 3000: 3000 0 0", import.Counts());
    }
}
