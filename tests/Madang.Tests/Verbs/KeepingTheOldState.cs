using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

public sealed class KeepingTheOldStateOnSqlite : KeepingTheOldState
{
    protected override Bare NewTarget() => new BareSqlite();

    protected override string Locked => "stop the server first";

    protected override async Task<IAsyncDisposable> Serve(Bare target, string directory)
    {
        var server = MadangProcess.Start("serve", "--urls", "http://127.0.0.1:0", target.Settings[0]);
        await server.Url;
        return server;
    }

    [Fact]
    public async Task Whatever_moment_it_is_killed_at_the_folder_holds_the_old_state_or_the_new()
    {
        await using var target = (BareSqlite)await Old();
        var moments = new List<string>();
        using var copies = new TemporaryFolder();
        await Backups.Restore(target, target.Folder, NewBackup, mayReplace: true, KeepMoments);
        moments.Add(target.Folder);

        Assert.True(moments.Count > 4);
        foreach (var moment in moments[..^1])
        {
            Assert.Equal(("old", "old file"), await State(moment));
        }
        Assert.Equal(("new", "new file"), await State(moments[^1]));

        async Task KeepMoments(string title, long total, Func<Action<long>, Task> work)
        {
            Keep();
            await work(_ => Keep());
            Keep();
        }

        // What a kill would leave at this moment.
        void Keep()
        {
            var moment = copies.File($"{moments.Count}");
            foreach (var file in Directory.GetFiles(target.Folder, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(moment, Path.GetRelativePath(target.Folder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            moments.Add(moment);
        }
    }

    private static async Task<(string Name, string File)> State(string directory)
    {
        await using var db = Database.OpenSqlite(Path.Combine(directory, "madang.db"), null, TimeProvider.System);
        var name = await db.Read(sql => sql.Single<string>("SELECT username FROM users"), Stop);
        return (name, await File.ReadAllTextAsync(UploadOf(directory, name), Stop));
    }
}

public sealed class KeepingTheOldStateOnPostgres(PostgresServer postgres) : KeepingTheOldState
{
    protected override Bare NewTarget() => new BarePostgres(postgres);

    protected override string Locked => "stop the servers first";

    protected override async Task<IAsyncDisposable> Serve(Bare target, string directory)
    {
        var server = MadangProcess.Start(
            "serve",
            "--urls",
            "http://127.0.0.1:0",
            target.Settings[0],
            $"--Data:Directory={directory}"
        );
        await server.Url;
        return server;
    }
}

/// <summary>A restore that is refused, fails or is interrupted leaves what was there; one that is done leaves nothing of it.</summary>
public abstract class KeepingTheOldState : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected string NewBackup => folder.File("new.zip");

    protected abstract string Locked { get; }

    protected abstract Bare NewTarget();

    protected abstract Task<IAsyncDisposable> Serve(Bare target, string directory);

    public async ValueTask InitializeAsync()
    {
        await using var source = new BareSqlite();
        await source.InitializeAsync();
        await Fill(source, source.Folder, "new");
        await Backups.Write(source.Database, source.Folder, NewBackup);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Without_replace_what_is_there_is_not_touched()
    {
        await using var target = await Old();
        var refused = await Assert.ThrowsAsync<StartupException>(() =>
            Backups.Restore(target, DirectoryOf(target), NewBackup)
        );
        Assert.Contains("--replace", refused.Message, StringComparison.Ordinal);
        await IsOld(target);

        // Uploads alone are enough to be careful.
        await target.Database.Write(sql => sql.Execute("DELETE FROM users"), Stop);
        refused = await Assert.ThrowsAsync<StartupException>(() =>
            Backups.Restore(target, DirectoryOf(target), NewBackup)
        );
        Assert.Contains("uploads", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_replace_nothing_of_it_is_left()
    {
        await using var target = await Old();
        await Backups.Restore(target, DirectoryOf(target), NewBackup, mayReplace: true);

        Assert.Equal("new", await target.Ask<string>("SELECT username FROM users"));
        Assert.Equal(
            ["memos/ab/new", "memos/ab/same"],
            new UploadFolder(Path.Combine(DirectoryOf(target), "uploads")).Paths()
        );
        Assert.Equal("new in the same place", await File.ReadAllTextAsync(UploadOf(DirectoryOf(target), "same"), Stop));
    }

    [Theory]
    [InlineData("Restoring the database")]
    [InlineData("Making memo_grams anew")]
    [InlineData("Restoring the uploads")]
    public async Task Interrupted_it_leaves_the_old_state_and_no_trace(string stage)
    {
        await using var target = await Old();
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            Backups.Restore(target, DirectoryOf(target), NewBackup, mayReplace: true, InterruptedAfter)
        );
        await IsOld(target);

        async Task InterruptedAfter(string title, long total, Func<Action<long>, Task> work)
        {
            await work(_ => { });
            if (title == stage)
            {
                throw new OperationCanceledException(Stop);
            }
        }
    }

    [Fact]
    public async Task While_a_server_runs_it_is_refused()
    {
        await using var target = await Old();
        await target.Close();
        await using (await Serve(target, DirectoryOf(target)))
        {
            (
                await Ran.Verb([
                    "restore",
                    NewBackup,
                    "--replace",
                    .. target.Settings,
                    $"--Data:Directory={DirectoryOf(target)}",
                ])
            ).Refused(Locked);
        }
        target.Reopen();
        await IsOld(target);
    }

    protected static string UploadOf(string directory, string name) =>
        Path.Combine(directory, "uploads/memos/ab", name);

    protected async Task<Bare> Old()
    {
        var target = NewTarget();
        await target.InitializeAsync();
        await Fill(target, DirectoryOf(target), "old");
        return target;
    }

    private string DirectoryOf(Bare target) => target is BareSqlite sqlite ? sqlite.Folder : folder.File("target");

    private async Task IsOld(Bare target)
    {
        Assert.Equal("old", await target.Ask<string>("SELECT username FROM users"));
        Assert.Empty(await new SchemaRunner(target.Database, Modules.All).Pending(Stop));
        Assert.Equal(
            ["old", "same"],
            Directory
                .GetFiles(Path.Combine(DirectoryOf(target), "uploads"), "*", SearchOption.AllDirectories)
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal("old in the same place", await File.ReadAllTextAsync(UploadOf(DirectoryOf(target), "same"), Stop));
        Assert.DoesNotContain(
            Directory.GetFiles(DirectoryOf(target)),
            file => file.Contains("restoring", StringComparison.Ordinal)
        );
    }

    private static async Task Fill(Bare bare, string directory, string name)
    {
        await bare.Build();
        await bare.Do(
            """
            INSERT INTO users (email, email_key, username, security_stamp, role, created_at, updated_at)
            VALUES (@name, @name, @name, 's', 'admin', @Now, @Now)
            """,
            new { name, Now = DateTimeOffset.UtcNow }
        );
        Directory.CreateDirectory(Path.Combine(directory, "uploads/memos/ab"));
        await File.WriteAllTextAsync(UploadOf(directory, name), $"{name} file", Stop);
        await File.WriteAllTextAsync(UploadOf(directory, "same"), $"{name} in the same place", Stop);
    }
}
