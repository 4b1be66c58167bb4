using Madang.Foundation.Data;
using Madang.Foundation.Modules;

namespace Madang.Foundation.Schema;

/// <summary>
/// Brings the database to this release's schema: every pending script of every room in one transaction, one process at a time, so
/// that a migration that is killed leaves the old schema. A table remembers what ran, with a checksum.
/// </summary>
public sealed class SchemaRunner
{
    private readonly Database db;
    private readonly List<SchemaScript> scripts;
    private readonly Version release;

    /// <param name="db">The database.</param>
    /// <param name="rooms">All rooms, run here or not: every table stands in every installation.</param>
    public SchemaRunner(Database db, IEnumerable<IModule> rooms)
        : this(db, Scripts(db, rooms), typeof(SchemaRunner).Assembly.GetName().Version!) { }

    internal SchemaRunner(Database db, List<SchemaScript> scripts, Version release) =>
        (this.db, this.scripts, this.release) = (db, scripts, release);

    internal static List<SchemaScript> Scripts(Database db, IEnumerable<IModule> rooms) => Scripts(db.Dialect, rooms);

    internal static List<SchemaScript> Scripts(Dialect dialect, IEnumerable<IModule> rooms) =>
        [
            .. SchemaScript.Of("foundation", typeof(SchemaRunner).Assembly, dialect),
            .. rooms.SelectMany(room => SchemaScript.Of(room.Name, room.GetType().Assembly, dialect)),
        ];

    /// <summary>Applies what is pending.</summary>
    /// <returns>The names of the scripts that ran, none when another process was first.</returns>
    /// <exception cref="StartupException">This release cannot run on the schema it finds.</exception>
    public Task<IReadOnlyList<string>> Migrate(CancellationToken stop) => db.Migrate(Migrate, stop);

    /// <inheritdoc cref="Migrate(CancellationToken)" />
    internal async Task<IReadOnlyList<string>> Migrate(Sql sql)
    {
        await sql.Execute(
            $"""
            CREATE TABLE IF NOT EXISTS schema_scripts (
                room text NOT NULL,
                number integer NOT NULL,
                name text NOT NULL,
                checksum text NOT NULL,
                oldest_release text,
                applied_at {sql.For("integer", "timestamptz")} NOT NULL,
                PRIMARY KEY (room, number)
            )
            """
        );
        var pending = Pending(await Applied(sql));
        foreach (var script in pending)
        {
            await sql.Execute(script.Text);
            await sql.Execute(
                """
                INSERT INTO schema_scripts (room, number, name, checksum, oldest_release, applied_at)
                VALUES (@Room, @Number, @Name, @Checksum, @Oldest, @Now)
                """,
                new
                {
                    script.Room,
                    script.Number,
                    script.Name,
                    script.Checksum,
                    Oldest = script.OldestRelease?.ToString(3),
                    sql.Now,
                }
            );
        }
        return pending.ConvertAll(script => script.Label);
    }

    /// <summary>What <see cref="Migrate(CancellationToken)"/> would run, changing nothing.</summary>
    /// <exception cref="StartupException">This release cannot run on the schema it finds.</exception>
    public Task<IReadOnlyList<string>> Pending(CancellationToken stop) =>
        db.Read<IReadOnlyList<string>>(
            async sql => Pending(await IsFresh(sql) ? [] : await Applied(sql)).ConvertAll(script => script.Label),
            stop
        );

    /// <returns>Whether no script ever ran here.</returns>
    internal static async Task<bool> IsFresh(Sql sql) =>
        await sql.First<string>(
            sql.For(
                "SELECT name FROM sqlite_master WHERE name = 'schema_scripts'",
                "SELECT to_regclass('schema_scripts')::text"
            )
        )
            is null;

    internal static Task<List<AppliedScript>> Applied(Sql sql) =>
        sql.Query<AppliedScript>("SELECT room, number, name, checksum, oldest_release FROM schema_scripts");

    private List<SchemaScript> Pending(List<AppliedScript> applied)
    {
        var known = scripts.ToDictionary(script => (script.Room, script.Number));
        foreach (var ran in applied)
        {
            if (known.GetValueOrDefault((ran.Room, ran.Number)) is { } script)
            {
                if (script.Checksum != ran.Checksum)
                {
                    throw new StartupException(
                        $"The schema script {script.Label} was changed after it ran on this database: restore the script, or the database from a backup."
                    );
                }
            }
            else if (ran.OldestRelease is { } oldest && Version.Parse(oldest) > new Version(release.ToString(3)))
            {
                throw new StartupException(
                    $"This is Madang {release.ToString(3)}, and the database needs {oldest} or newer: start the newer release."
                );
            }
        }
        var done = applied.Select(ran => (ran.Room, ran.Number)).ToHashSet();
        return scripts.FindAll(script => !done.Contains((script.Room, script.Number)));
    }

    internal sealed record AppliedScript
    {
        internal string Label => SchemaScript.LabelOf(Room, Number, Name);

        public required string Room { get; init; }
        public required int Number { get; init; }
        public required string Name { get; init; }
        public required string Checksum { get; init; }
        public string? OldestRelease { get; init; }
    }
}
