using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Schema;

public sealed class BringingTheSchemaUpOnSqlite : BringingTheSchemaUp
{
    public BringingTheSchemaUpOnSqlite()
        : base(new BareSqlite()) { }
}

public sealed class BringingTheSchemaUpOnPostgres(PostgresServer postgres)
    : BringingTheSchemaUp(new BarePostgres(postgres))
{
    [Fact]
    public async Task A_script_may_take_longer_than_any_request()
    {
        await using var slow = Database.OpenPostgres(
            $"{((BarePostgres)Bare).Connection};Command Timeout=1",
            Bare.Clock
        );
        await new SchemaRunner(slow, [Script(1, "SELECT pg_sleep(1.5);")], new Version(0, 1, 0)).Migrate(Stop);

        Assert.Equal([1], await Numbers());
    }
}

/// <summary>Scripts, one after the other, each once; and what keeps a release off a schema that is not its own.</summary>
public abstract class BringingTheSchemaUp(Bare bare) : IAsyncLifetime
{
    private static readonly Version Release = new(1, 2, 0);

    protected Bare Bare => bare;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => bare.InitializeAsync();

    public ValueTask DisposeAsync() => bare.DisposeAsync();

    [Fact]
    public async Task An_empty_database_gets_every_script_once()
    {
        var all = SchemaRunner.Scripts(bare.Database, Modules.All).Count;
        var runner = new SchemaRunner(bare.Database, Modules.All);
        Assert.Equal(all, (await runner.Pending(Stop)).Count);
        Assert.Equal(all, (await runner.Migrate(Stop)).Count);

        Assert.Empty(await runner.Migrate(Stop));
        Assert.Empty(await runner.Pending(Stop));
    }

    [Fact]
    public async Task The_check_ends_with_1_while_something_is_pending_and_with_0_after()
    {
        Assert.Equal(1, await Program.Main(["migrate", "--check", .. bare.Settings]));
        Assert.Equal(1, await Program.Main(["migrate", "--check", .. bare.Settings]));
        Assert.Equal(0, await Program.Main(["migrate", .. bare.Settings]));
        Assert.Equal(0, await Program.Main(["migrate", "--check", .. bare.Settings]));
        Assert.Equal(0, await Program.Main(["migrate", .. bare.Settings]));
    }

    [Fact]
    public async Task Several_migrations_at_once_run_each_script_once()
    {
        var databases = Enumerable.Range(0, 6).Select(_ => bare.Open()).ToList();
        var ran = await Task.WhenAll(
            databases.Select(db => Task.Run(() => new SchemaRunner(db, Modules.All).Migrate(Stop), Stop))
        );

        Assert.Single(ran, scripts => scripts.Count > 0);
        foreach (var db in databases)
        {
            await db.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_script_that_fails_half_way_leaves_the_old_schema()
    {
        await Run(Script(1, "CREATE TABLE old (id integer);"));
        await Assert.ThrowsAnyAsync<Exception>(() =>
            Run(
                Script(1, "CREATE TABLE old (id integer);"),
                Script(2, "ALTER TABLE old ADD COLUMN name text; CREATE TABLE more (id integer);"),
                Script(3, "CREATE TABLE never (id integer); INSERT INTO nowhere VALUES (1);")
            )
        );

        Assert.Equal([1], await Numbers());
        Assert.Equal(1, await bare.Do("INSERT INTO old VALUES (1)"));
        await Run(Script(1, "CREATE TABLE old (id integer);"), Script(2, "CREATE TABLE more (id integer);"));
        Assert.Equal([1, 2], await Numbers());
    }

    [Fact]
    public async Task A_script_that_was_changed_after_it_ran_is_refused()
    {
        await Run(Script(1, "CREATE TABLE one (id integer);"));
        var refused = await Assert.ThrowsAsync<StartupException>(() => Run(Script(1, "CREATE TABLE one (id bigint);")));

        Assert.StartsWith("The schema script things 0001_step was changed", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await Run(Script(1, "CREATE TABLE one (id integer);")));
    }

    [Fact]
    public void Line_ends_of_another_system_make_no_other_script() =>
        Assert.Equal(
            Script(1, "CREATE TABLE one (\n    id integer\n);\n").Checksum,
            SchemaScript
                .Parse(
                    "things",
                    "Schema/0001_step.sqlite.sql",
                    "-- expand\r\nCREATE TABLE one (\r\n    id integer\r\n);\r\n"
                )
                .Checksum
        );

    [Fact]
    public async Task A_release_starts_on_a_schema_that_a_newer_one_has_only_added_to()
    {
        await Run(Script(1, "CREATE TABLE one (id integer);"), Script(2, "CREATE TABLE two (id integer);"));

        Assert.Empty(await Run(Script(1, "CREATE TABLE one (id integer);")));
    }

    [Theory]
    [InlineData("1.2.0", true)]
    [InlineData("1.1.9", true)]
    [InlineData("1.2.1", false)]
    [InlineData("1.10.0", false)]
    public async Task A_release_starts_on_a_contracted_schema_when_it_is_new_enough_for_it(string oldest, bool starts)
    {
        await Run(Script(1, "CREATE TABLE one (id integer);"), Script(2, "DROP TABLE one;", $"-- contract {oldest}"));
        var start = Run(Script(1, "CREATE TABLE one (id integer);"));

        if (starts)
        {
            Assert.Empty(await start);
            return;
        }
        var refused = await Assert.ThrowsAsync<StartupException>(() => start);
        Assert.Equal(
            $"This is Madang 1.2.0, and the database needs {oldest} or newer: start the newer release.",
            refused.Message
        );
    }

    [Theory]
    [InlineData("CREATE TABLE one (id integer);")]
    [InlineData("\n-- expand\nCREATE TABLE one (id integer);")]
    [InlineData("-- contract\nDROP TABLE one;")]
    [InlineData("-- contract 1.2\nDROP TABLE one;")]
    [InlineData("-- expand it\nCREATE TABLE one (id integer);")]
    public void A_script_that_does_not_say_what_it_does_is_none(string text) =>
        Assert.Contains(
            "the first line must be",
            Assert
                .Throws<InvalidDataException>(() => SchemaScript.Parse("things", "Schema/0001_step.sqlite.sql", text))
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_scripts_of_a_room_have_no_gaps_and_are_the_same_for_both_databases()
    {
        foreach (
            var (room, assembly) in Modules
                .All.Select(room => (room.Name, room.GetType().Assembly))
                .Append(("foundation", typeof(SchemaRunner).Assembly))
        )
        {
            var sqlite = SchemaScript.Of(room, assembly, Dialect.Sqlite);
            var postgres = SchemaScript.Of(room, assembly, Dialect.Postgres);
            Assert.Equal(Enumerable.Range(1, sqlite.Count), sqlite.Select(script => script.Number));
            Assert.Equal(
                sqlite.Select(script => (script.Number, script.Name, script.OldestRelease)),
                postgres.Select(script => (script.Number, script.Name, script.OldestRelease))
            );
        }
    }

    private protected static SchemaScript Script(int number, string text, string first = "-- expand") =>
        SchemaScript.Parse("things", $"Schema/{number:0000}_step.sqlite.sql", $"{first}\n{text}");

    protected Task<List<int>> Numbers() =>
        bare.Database.Read(sql => sql.Query<int>("SELECT number FROM schema_scripts ORDER BY number"), Stop);

    private Task<IReadOnlyList<string>> Run(params SchemaScript[] scripts) =>
        new SchemaRunner(bare.Database, [.. scripts], Release).Migrate(Stop);
}
