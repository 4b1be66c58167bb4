using Madang.Foundation.Backups;
using Madang.Foundation.Modules;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

public sealed class RestoringOverAnotherOnSqlite : RestoringOverAnother
{
    protected override Bare NewTarget() => new BareSqlite();

    [Fact]
    public async Task Another_programs_database_is_given_up_only_when_it_may_be()
    {
        await using var target = await Target();
        await target.Do("CREATE TABLE theirs (name text)");
        await Keep("ours");
        var refused = await Assert.ThrowsAsync<StartupException>(() => Backups.Restore(target, Uploads, Backup));
        Assert.Contains("'theirs' that is not Madang's", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await target.Ask<long>("SELECT count(*) FROM theirs"));

        await Backups.Restore(target, Uploads, Backup, mayReplace: true);
        Assert.Equal("ours", await target.Ask<string>("SELECT username FROM users"));
    }

    [Fact]
    public async Task A_database_too_damaged_to_be_read_is_replaced_and_its_ids_are_told_of()
    {
        await using var target = (BareSqlite)await Target();
        await Keep("ours");
        await target.Close();
        await File.WriteAllBytesAsync(target.File, new byte[8192], Stop);
        using var backup = BackupFile.Open(Backup);
        var restore = new Restore(backup, Madang.Host.Modules.All, Uploads, Backups.Quietly);
        await restore.IntoSqlite(target.File, null, target.Clock, mayReplace: true, Stop);
        target.Reopen();

        Assert.True(restore.MayGiveIdsAgain);
        Assert.Equal("ours", await target.Ask<string>("SELECT username FROM users"));
    }
}

public sealed class RestoringOverAnotherOnPostgres(PostgresServer postgres) : RestoringOverAnother
{
    protected override Bare NewTarget() => new BarePostgres(postgres);

    [Theory]
    [InlineData("users", "CREATE TABLE users (name text)", false)]
    [InlineData("users", "CREATE TABLE users (name text)", true)]
    [InlineData("schema_scripts", "CREATE TABLE schema_scripts (version integer)", true)]
    public async Task Another_programs_tables_are_never_taken_for_ours(string table, string made, bool mayReplace)
    {
        await using var target = await Target();
        await target.Do(made);
        await Keep("ours");
        await IsRefused(target, table, mayReplace);
    }

    [Fact]
    public async Task Another_programs_table_beside_an_older_yard_is_not_taken_for_ours()
    {
        await using var target = await Target();
        await target.BuildOld();
        await target.Do("CREATE TABLE memo_versions (note text)");
        await Keep("ours");
        await IsRefused(target, "memo_versions", mayReplace: true);
    }

    private async Task IsRefused(Bare target, string table, bool mayReplace)
    {
        var refused = await Assert.ThrowsAsync<StartupException>(() =>
            Backups.Restore(target, Uploads, Backup, mayReplace)
        );
        Assert.Contains($"'{table}' that is not Madang's", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            1,
            await target.Ask<long>(
                "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND table_name = @table",
                new { table }
            )
        );
    }
}

/// <summary>What a restore finds in its place: ids that were given stay given, and nothing of others is taken away.</summary>
public abstract class RestoringOverAnother : IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected string Backup => folder.File("backup.zip");

    protected string Uploads => folder.File("target");

    protected abstract Bare NewTarget();

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Ids_that_were_given_since_the_backup_are_not_given_again()
    {
        await using var target = await Target();
        await target.Build();
        await Add(target, "before");
        await Backups.Write(target.Database, Uploads, Backup);
        await Add(target, "after");
        Assert.Equal(3, await Add(target, "and gone"));
        await target.Do("DELETE FROM users WHERE id = 3");
        await Backups.Restore(target, Uploads, Backup, mayReplace: true);

        Assert.Equal("before", await target.Ask<string>("SELECT username FROM users"));
        Assert.Equal(4, await Add(target, "next"));
    }

    [Fact]
    public async Task Ids_that_the_backups_yard_gave_are_not_given_again_where_fewer_were_given()
    {
        await Keep("one", "two", "three");
        await using var target = await Target();
        await target.Build();
        await Add(target, "only");
        await Backups.Restore(target, Uploads, Backup, mayReplace: true);

        Assert.Equal(4, await Add(target, "next"));
    }

    [Fact]
    public async Task When_uploads_do_not_come_to_their_places_it_says_that_the_database_did_and_is_done_by_another_run()
    {
        Upload("source", "new");
        await Keep("new");
        Upload("target", "old");
        await using var target = await Target();
        var picture = Path.Combine(Uploads, "uploads", "memos", "ab");
        var refused = await Assert.ThrowsAsync<StartupException>(() =>
            Backups.Restore(target, Uploads, Backup, mayReplace: true, BlockedAfterThem)
        );
        Assert.Contains("The database is restored, but not all uploads", refused.Message, StringComparison.Ordinal);
        Assert.Equal("new", await target.Ask<string>("SELECT username FROM users"));

        Directory.Delete(picture, recursive: true);
        await Backups.Restore(target, Uploads, Backup, mayReplace: true);
        Assert.Equal("new", await File.ReadAllTextAsync(picture, Stop));

        // What cannot be replaced by a file.
        async Task BlockedAfterThem(string title, long total, Func<Action<long>, Task> work)
        {
            await work(_ => { });
            if (title == "Restoring the uploads")
            {
                File.Delete(picture);
                Directory.CreateDirectory(picture);
            }
        }
    }

    /// <summary>A target without any table.</summary>
    protected async Task<Bare> Target()
    {
        var target = NewTarget();
        await target.InitializeAsync();
        return target;
    }

    /// <summary>Makes a backup of a yard of these users.</summary>
    protected async Task Keep(params string[] users)
    {
        await using var source = new BareSqlite();
        await source.InitializeAsync();
        await source.Build();
        foreach (var user in users)
        {
            await Add(source, user);
        }
        await Backups.Write(source.Database, folder.File("source"), Backup);
    }

    private void Upload(string directory, string content)
    {
        Directory.CreateDirectory(folder.File($"{directory}/uploads/memos"));
        File.WriteAllText(folder.File($"{directory}/uploads/memos/ab"), content);
    }

    /// <returns>The new user's id.</returns>
    private static Task<long> Add(Bare bare, string name) =>
        bare.Database.Write(
            sql =>
                sql.Single<long>(
                    """
                    INSERT INTO users (email, email_key, username, security_stamp, role, created_at, updated_at)
                    VALUES (@name, @name, @name, 's', 'admin', @Now, @Now)
                    RETURNING id
                    """,
                    new { name, sql.Now }
                ),
            Stop
        );
}
