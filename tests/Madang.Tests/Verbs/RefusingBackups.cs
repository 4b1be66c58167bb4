using System.IO.Compression;
using System.Text;
using Madang.Foundation.Backups;
using Madang.Foundation.Modules;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>What is no whole backup is refused before anything is changed, in one sentence that says why.</summary>
public sealed class RefusingBackups : IAsyncLifetime
{
    private readonly BareSqlite source = new();
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Whole => folder.File("whole.zip");

    public async ValueTask InitializeAsync()
    {
        await source.InitializeAsync();
        await source.Build();
        await source.Do(
            """
            INSERT INTO users (email, email_key, username, security_stamp, role, created_at, updated_at)
            VALUES ('me@example.com', 'me@example.com', '나', 's', 'admin', 1, 2)
            """
        );
        Directory.CreateDirectory(folder.File("uploads/memos/ab"));
        await File.WriteAllTextAsync(folder.File("uploads/memos/ab/abc"), new string('그', 2000), Stop);
        await Backups.Write(source.Database, folder.Path, Whole);
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_file_of_which_any_byte_was_changed_is_refused_or_holds_the_same()
    {
        await Backups.Verify(Whole);
        var bytes = await File.ReadAllBytesAsync(Whole, Stop);
        var refused = 0;
        for (var at = 0; at < bytes.Length; at += Math.Max(1, bytes.Length / 400))
        {
            var damaged = folder.File("damaged.zip");
            bytes[at] ^= 0x20;
            await File.WriteAllBytesAsync(damaged, bytes, Stop);
            bytes[at] ^= 0x20;
            try
            {
                await Backups.Verify(damaged);
            }
            catch (StartupException error)
            {
                Assert.Contains("damaged.zip", error.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        // The rest are times and flags of the zip, which mean nothing to us.
        Assert.True(refused > 300, $"Only {refused} were refused.");
    }

    [Fact]
    public async Task A_table_that_was_changed_by_hand_is_refused()
    {
        const string name = "tables/users.jsonl";
        File.Copy(Whole, folder.File("changed.zip"));
        await using (var zip = await ZipFile.OpenAsync(folder.File("changed.zip"), ZipArchiveMode.Update, Stop))
        {
            await using var rows = await zip.GetEntry(name)!.OpenAsync(Stop);
            using var reader = new StreamReader(rows, leaveOpen: true);
            // As long as it was, and as good a row.
            var text = (await reader.ReadToEndAsync(Stop)).Replace("admin", "Admin", StringComparison.Ordinal);
            rows.Position = 0;
            await rows.WriteAsync(Encoding.UTF8.GetBytes(text), Stop);
        }

        await IsRefused("changed.zip", $"is damaged: {name} is not what it was");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(-1)]
    [InlineData(-100)]
    [InlineData(-5000)]
    public async Task A_file_that_was_cut_off_is_refused(int length)
    {
        var bytes = await File.ReadAllBytesAsync(Whole, Stop);
        await File.WriteAllBytesAsync(folder.File("cut.zip"), length < 0 ? bytes[..^-length] : bytes[..length], Stop);

        await IsRefused("cut.zip", "is no backup of Madang, or it was cut off");
    }

    [Fact]
    public async Task Another_file_is_refused()
    {
        await File.WriteAllTextAsync(folder.File("text.zip"), "그냥 글", Stop);
        await using (var zip = await ZipFile.OpenAsync(folder.File("other.zip"), ZipArchiveMode.Create, Stop))
        {
            zip.CreateEntry("manifest.json");
        }

        await IsRefused("text.zip", "is no backup of Madang");
        await IsRefused("other.zip", "is no backup of Madang");
        await IsRefused("missing.zip", "cannot be read");
    }

    [Fact]
    public async Task A_newer_format_is_refused()
    {
        await Rewrite(text => text.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));
        await IsRefused("rewritten.zip", "has format 2, and this release reads up to 1");
    }

    [Theory]
    [InlineData("\"number\": 5", "\"number\": 9999", "has the schema of a newer Madang (foundation 9999_cache")]
    [InlineData("\"checksum\": \"", "\"checksum\": \"0", "is another here than where the backup was made")]
    public async Task A_schema_that_this_release_does_not_know_is_refused(string old, string replaced, string words)
    {
        await Rewrite(text => text.Replace(old, replaced, StringComparison.Ordinal));
        await using var target = new BareSqlite();
        await target.InitializeAsync();
        var refused = await Assert.ThrowsAsync<StartupException>(() =>
            Backups.Restore(target, target.Folder, folder.File("rewritten.zip"))
        );

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await target.Ask<long>("SELECT count(*) FROM sqlite_master"));
    }

    [Fact]
    public async Task A_path_that_leads_out_of_the_uploads_is_refused()
    {
        await Rewrite(text => text.Replace("memos/ab/abc", "../../abc", StringComparison.Ordinal), "files/../../abc");
        await using var target = new BareSqlite();
        await target.InitializeAsync();
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Backups.Restore(target, target.Folder, folder.File("rewritten.zip"))
        );
        Assert.Equal(0, await target.Ask<long>("SELECT count(*) FROM sqlite_master"));
    }

    private async Task IsRefused(string name, string words)
    {
        var refused = await Assert.ThrowsAsync<StartupException>(() => Backups.Verify(folder.File(name)));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The same backup with another manifest, and a checksum that fits it.</summary>
    private async Task Rewrite(Func<string, string> change, string? upload = null)
    {
        File.Copy(Whole, folder.File("rewritten.zip"));
        await using var zip = await ZipFile.OpenAsync(folder.File("rewritten.zip"), ZipArchiveMode.Update, Stop);
        var entry = zip.GetEntry(Manifest.EntryName)!;
        using var reader = new StreamReader(await entry.OpenAsync(Stop));
        var bytes = Encoding.UTF8.GetBytes(change(await reader.ReadToEndAsync(Stop)));
        reader.Dispose();
        entry.Delete();
        await using (var rewritten = await zip.CreateEntry(Manifest.EntryName).OpenAsync(Stop))
        {
            await rewritten.WriteAsync(bytes, Stop);
        }
        if (upload is not null)
        {
            using var old = new MemoryStream();
            await using (var whole = await zip.GetEntry("files/memos/ab/abc")!.OpenAsync(Stop))
            {
                await whole.CopyToAsync(old, Stop);
            }
            await using var moved = await zip.CreateEntry(upload).OpenAsync(Stop);
            await moved.WriteAsync(old.ToArray(), Stop);
        }
        zip.Comment = BackupFile.Mark + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
    }
}
