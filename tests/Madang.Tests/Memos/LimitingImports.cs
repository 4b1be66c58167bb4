using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Madang.Foundation.Backups;
using Madang.Foundation.Moving;
using Madang.Memos.Moving;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

/// <summary>How much an import may be, whatever its file says of itself, and how much of it a member may leave here.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class LimitingImports(SqliteYard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_zip_whose_larger_kind_of_end_leads_to_millions_of_names_is_not_even_opened()
    {
        var me = await yard.SignUp();
        // The end says that the list begins near it, and that there are too many files to count: then the other end holds.
        var file = new byte[20 * 1024 * 1024];
        "PK\u0003\u0004"u8.CopyTo(file);
        var (large, locator, end) = (file.Length - 98, file.Length - 42, file.Length - 22);
        "PK\u0006\u0006"u8.CopyTo(file.AsSpan(large));
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(large + 48), 100);
        "PK\u0006\u0007"u8.CopyTo(file.AsSpan(locator));
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(locator + 8), large);
        "PK\u0005\u0006"u8.CopyTo(file.AsSpan(end));
        file.AsSpan(end + 8, 4).Fill(0xFF);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(end + 16), end - 1_000);
        Assert.Equal("too_many", (await me.Import(file)).Text("problem"));
    }

    [Fact]
    public async Task A_zip_of_more_files_than_the_old_kind_of_end_counts_is_read_and_one_of_far_more_is_not()
    {
        Assert.Equal(1, await Count(Zip(66_000)));
        var error = await Assert.ThrowsAsync<BrokenImportException>(() => Count(Zip(200_000)));
        Assert.Equal("too_many", error.Problem);
    }

    [Fact]
    public async Task What_a_zip_unpacks_to_is_counted_whatever_it_says()
    {
        var memos =
            $"[{string.Join(',', Enumerable.Repeat("""{"text":"메모","created_at":"2024-03-14T09:30:00Z"}""", 1_000))}]";
        var file = MovingCalls.Zip(("memos.json", MovingCalls.Utf8(memos)));
        Assert.Equal(1_000, await Count(file, memos.Length * 2));
        var error = await Assert.ThrowsAsync<BrokenImportException>(() => Count(file, memos.Length / 2));
        Assert.Equal("too_large", error.Problem);
    }

    [Fact]
    public async Task The_file_of_a_dry_run_goes_when_another_import_begins_and_is_in_no_backup()
    {
        var me = await yard.SignUp();
        const string Memo = """[{"content":"하나","createdTs":1710408600}]""";
        var before = yard.Uploads();
        var (first, second) = (await me.Import(Memo, "dry_run=true"), await me.Import(Memo, "dry_run=true"));
        var kept = Assert.Single(yard.Uploads().Except(before));
        Assert.DoesNotContain(
            new UploadFolder(Path.Combine(yard.Folder, "uploads")).Paths(),
            path => path.Contains("imports", StringComparison.Ordinal) || path == kept
        );

        await me
            .Client.PostAsync($"/api/v1/memos/imports/{first.Number("id")}/run", null, Stop)
            .Is(HttpStatusCode.Conflict);
        await me.Client.PostAsync($"/api/v1/memos/imports/{second.Number("id")}/run", null, Stop).Is(HttpStatusCode.OK);
        Assert.Equal("done 1: 1 0 0", (await me.Ended(second.Number("id"))).Counts());
        await Probe.Until(() => !yard.Uploads().Contains(kept));
    }

    [Fact]
    public async Task While_one_import_comes_another_is_refused_before_its_file_is_received()
    {
        var me = await yard.SignUp();
        using (var first = await Begin(me))
        {
            await Probe.Until(() =>
                yard.Uploads().Exists(path => path.StartsWith(".passing/new/imports.", StringComparison.Ordinal))
            );
            using var second = await Begin(me);
            using var answer = new StreamReader(second.GetStream());
            Assert.Equal("HTTP/1.1 409 Conflict", await answer.ReadLineAsync(Stop));
        }
        await Probe.Until(() =>
            !yard.Uploads().Exists(path => path.StartsWith(".passing/new/imports.", StringComparison.Ordinal))
        );
        await Probe.Until(async () =>
        {
            using var body = new ByteArrayContent("""[{"content":"하나","createdTs":1710408600}]"""u8.ToArray());
            using var answer = await me.Client.PostAsync("/api/v1/memos/imports", body, Stop);
            return answer.StatusCode == HttpStatusCode.Created;
        });
    }

    [Fact]
    public async Task A_request_that_has_its_answer_already_takes_its_turn_to_be_received_as_any_other()
    {
        var me = await yard.SignUp();
        Assert.Equal(HttpStatusCode.Created, await Again());
        (await Holding(() => Begin(me, more: "Idempotency-Key: one\r\n"), Again)).Dispose();
        await Probe.Until(async () => await Again() == HttpStatusCode.Created);

        async Task<HttpStatusCode> Again()
        {
            using var body = new ByteArrayContent("""[{"content":"하나","createdTs":1710408600}]"""u8.ToArray());
            const string Path = "/api/v1/memos/imports";
            using var answer = await me.Client.Send(HttpMethod.Post, Path, body, ("Idempotency-Key", "one"));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_form_takes_its_turn_before_it_is_received()
    {
        var me = await yard.SignUp();
        const string Form = "multipart/form-data; boundary=x";
        using (await Holding(() => Begin(me, "/memos/move", Form), Ask))
        {
            using var second = await Begin(me, "/memos/move", Form);
            using var answer = new StreamReader(second.GetStream());
            Assert.Equal("HTTP/1.1 400 Bad Request", await answer.ReadLineAsync(Stop));
        }
        using var nobody = await yard.Anonymous.PostAsync("/memos/move", new ByteArrayContent([]), Stop);
        Assert.NotEqual(HttpStatusCode.InternalServerError, nobody.StatusCode);

        async Task<HttpStatusCode> Ask()
        {
            using var answer = await me.Client.PostAsync("/api/v1/memos/imports", new ByteArrayContent([]), Stop);
            return answer.StatusCode;
        }
    }

    /// <returns>A request that has the turn, which another that asks is told by 409.</returns>
    private static async Task<TcpClient> Holding(Func<Task<TcpClient>> begin, Func<Task<HttpStatusCode>> ask)
    {
        TcpClient? first = null;
        await Probe.Until(async () =>
        {
            // Where who asks had the turn before it came, it was refused: another takes its place.
            if (first is null or { Available: > 0 })
            {
                first?.Dispose();
                first = await begin();
            }
            return await ask() == HttpStatusCode.Conflict;
        });
        return first!;
    }

    /// <summary>Announces a large file, and sends the beginning of it.</summary>
    private async Task<TcpClient> Begin(
        Person person,
        string path = "/api/v1/memos/imports",
        string type = "application/octet-stream",
        string more = ""
    )
    {
        var url = new Uri(yard.Url);
        var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Stop);
        var head =
            $"POST {path} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {person.AccessToken}\r\nContent-Type: {type}\r\n{more}Content-Length: 200000000\r\n\r\n[";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Stop);
        return client;
    }

    private static async Task<int> Count(byte[] content, long mostUnpacked = ImportFile.MostUnpacked)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("memos.zip"), content, Stop);
        await using var stream = new FileStream(folder.File("memos.zip"), FileMode.Open, FileAccess.Read);
        using var file = new ImportFile(stream, mostUnpacked);
        return file.Read(null, DateTimeOffset.UtcNow).Count();
    }

    /// <returns>A zip with one memo, and so many empty files.</returns>
    private static byte[] Zip(int others)
    {
        var body = new MemoryStream();
        using (var zip = new ZipArchive(body, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var number = 0; number < others; number++)
            {
                zip.CreateEntry($"{number}");
            }
            using var memo = zip.CreateEntry("memo.md").Open();
            memo.Write("하나"u8);
        }
        return body.ToArray();
    }
}
