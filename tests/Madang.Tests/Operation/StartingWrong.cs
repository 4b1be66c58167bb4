using System.Net;
using System.Net.Sockets;
using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Operation;

/// <summary>What keeps the program from starting is one clear sentence on standard error, exit code 1, and nothing damaged.</summary>
public sealed class StartingWrong(PostgresServer postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_in_use()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var folder = new TemporaryFolder();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await IsToldWith($"{port}", "serve", "--urls", $"http://127.0.0.1:{port}", folder.Setting);
        await IsToldWith("listen", "serve", "--urls", "http://203.0.113.7:5080", folder.Setting);
        await IsToldWith("listen", "serve", "--urls", "nonsense", folder.Setting);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written()
    {
        using var folder = new TemporaryFolder();
        await System.IO.File.WriteAllTextAsync(folder.File("file"), "", Stop);
        // Root may write into any folder, but nobody makes one below a file, or in /proc.
        await IsToldWith("data directory", "serve", $"--Data:Directory={folder.File("file")}/data");
        await IsToldWith("data directory", "serve", "--Data:Directory=/proc/madang");
    }

    [Fact]
    public async Task A_database_that_may_only_be_read()
    {
        using var folder = new TemporaryFolder();
        await using (var database = Database.OpenSqlite(folder.File("madang.db"), null, TimeProvider.System))
        {
            await database.Write(sql => sql.Execute("CREATE TABLE mine (id int)"), Stop);
        }
        const UnixFileMode readOnly =
            UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        System.IO.File.SetUnixFileMode(folder.File("madang.db"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        System.IO.File.SetUnixFileMode(folder.Path, readOnly);
        try
        {
            await using var program = MadangProcess.StartUnprivileged(
                "serve",
                "--urls",
                "http://127.0.0.1:0",
                folder.Setting
            );
            IsOneSentence(await program.Ended(), "database");
        }
        finally
        {
            System.IO.File.SetUnixFileMode(folder.Path, readOnly | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_database_file_that_is_none_and_it_stays_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("madang.db");
        await System.IO.File.WriteAllTextAsync(file, new string('x', 5000), Stop);
        await IsToldWith("madang.db", "serve", "--urls", "http://127.0.0.1:0", folder.Setting);
        Assert.Equal(new string('x', 5000), await System.IO.File.ReadAllTextAsync(file, Stop));
    }

    [Fact]
    public async Task A_missing_SQLite()
    {
        using var folder = new TemporaryFolder();
        await IsToldWith("SQLite is missing", "serve", folder.Setting, "--Data:SqliteLibrary=/nowhere/libsqlite3.so");
    }

    [Fact]
    public async Task An_old_SQLite()
    {
        Assert.SkipUnless(
            System.IO.File.Exists("/usr/bin/gcc"),
            "There is no gcc to make an old libsqlite3 with (apt install gcc libc6-dev)."
        );
        using var folder = new TemporaryFolder();
        await System.IO.File.WriteAllTextAsync(
            folder.File("old.c"),
            "int sqlite3_libversion_number(void) { return 3034001; }",
            Stop
        );
        using var gcc = System.Diagnostics.Process.Start(
            "/usr/bin/gcc",
            ["-shared", "-fPIC", "-o", folder.File("old.so"), folder.File("old.c")]
        );
        await gcc.WaitForExitAsync(Stop);
        Assert.Equal(0, gcc.ExitCode);
        await IsToldWith(
            "SQLite 3.34 is too old",
            "serve",
            folder.Setting,
            $"--Data:SqliteLibrary={folder.File("old.so")}"
        );
    }

    [Fact]
    public async Task A_connection_string_that_is_none_and_one_that_leads_nowhere()
    {
        await IsToldWith("not a connection string", "serve", "--Data:Postgres=Hots=somewhere");
        using var nobody = new NobodysPort();
        var nowhere = $"--Data:Postgres=Host=127.0.0.1;Port={nobody.Number};Username=u;Password=hidden;Database=d";
        Assert.DoesNotContain(
            "hidden",
            await IsToldWith("does not answer", "serve", nowhere),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "hidden",
            await IsToldWith("does not answer", "migrate", nowhere),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_database_that_PostgreSQL_does_not_have_and_a_user_that_it_does_not_know()
    {
        var connection = await postgres.NewDatabase();
        await IsToldWith("does not answer", "serve", $"--Data:Postgres={connection};Database=nowhere");
        await IsToldWith("does not answer", "migrate", $"--Data:Postgres={connection};Username=nobody");
        await postgres.Drop(connection);
    }

    [Theory]
    [InlineData("SignIn:Jwt:Algorithm", "none")]
    [InlineData("SignIn:AllowSignUp", "maybe")]
    [InlineData("Public:AssetsUrl", "cdn")]
    [InlineData("Data:TimeLimit", "0.5")]
    [InlineData("Http:KnownProxies:0", "nginx")]
    [InlineData("Cache:MemoryBytes", "64M")]
    [InlineData("Cache:Enabled", "perhaps")]
    public async Task A_setting_that_is_not_what_it_must_be(string name, string value)
    {
        using var folder = new TemporaryFolder();
        await IsToldWith(value, "serve", "--urls", "http://127.0.0.1:0", folder.Setting, $"--{name}={value}");
    }

    [Fact]
    public async Task A_migration_that_is_pending_on_PostgreSQL()
    {
        var connection = await postgres.NewDatabase();
        await IsToldWith("madang migrate", "serve", $"--Data:Postgres={connection}");
        await postgres.Drop(connection);
    }

    [Fact]
    public async Task A_database_that_a_newer_release_has_contracted()
    {
        using var folder = new TemporaryFolder();
        await using (var first = MadangProcess.Start("serve", "--urls", "http://127.0.0.1:0", folder.Setting))
        {
            await first.Url;
            await first.Signal("TERM");
            Assert.Equal(0, (await first.Ended()).Code);
        }
        await using (var database = Database.OpenSqlite(folder.File("madang.db"), null, TimeProvider.System))
        {
            await database.Write(
                sql => sql.Execute("INSERT INTO schema_scripts VALUES ('memos', 9999, 'gone', 'x', '99.0.0', 0)"),
                Stop
            );
        }
        var sentence = await IsToldWith("99.0.0", "serve", folder.Setting);
        Assert.Contains("start the newer release", sentence, StringComparison.Ordinal);
        await IsToldWith("99.0.0", "migrate", folder.Setting);
    }

    [Theory]
    [InlineData("serve", "--modules", "garden")]
    [InlineData("sreve")]
    [InlineData("migrate", "--chekc")]
    public async Task Words_that_nobody_knows(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        await IsToldWith(arguments[^1], [.. arguments, folder.Setting]);
    }

    private static async Task<string> IsToldWith(string words, params string[] arguments)
    {
        await using var program = MadangProcess.Start(arguments);
        return IsOneSentence(await program.Ended(), words);
    }

    private static string IsOneSentence((int Code, string Errors) end, string words)
    {
        Assert.True(end.Code == 1, $"{end.Code}: {end.Errors}");
        Assert.Contains(words, end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Errors, StringComparison.Ordinal);
        Assert.Single(end.Errors.TrimEnd().Split('\n'));
        return end.Errors;
    }
}
