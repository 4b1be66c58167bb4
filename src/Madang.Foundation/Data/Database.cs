namespace Madang.Foundation.Data;

/// <summary>
/// The only two ways into the data. A write is one transaction and durable when its task ends; on SQLite it takes its turn with
/// the others. The work given to either may run again after a lost connection, so it changes nothing but the database.
/// </summary>
public abstract class Database(TimeProvider clock, TimeSpan? timeLimit = null) : IAsyncDisposable
{
    /// <summary>Which database this is.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>
    /// A number that every commit, of whichever process, makes another; null where the database can't tell it for less than a query.
    /// </summary>
    internal virtual long? Version => null;

    internal TimeProvider Clock => clock;

    /// <summary>What <c>Data:TimeLimit</c> is when nobody sets it.</summary>
    internal static TimeSpan UsualTimeLimit => TimeSpan.FromSeconds(10);

    /// <summary>How long one visit may take, its turn included: then whoever asked is told that there was no answer.</summary>
    public TimeSpan TimeLimit { get; } = timeLimit ?? UsualTimeLimit;

    /// <summary>What is measured of this database; its scope is the database, so that another one in this process is told apart.</summary>
    internal DatabaseMeter Measures { get; } = new();

    /// <summary>Set once at start, by whoever knows the rooms.</summary>
    internal Events.OutboxSettings Outbox { get; set; } = Events.OutboxSettings.None;

    /// <summary>Is shown every statement with its values; the tests look at their plans through it.</summary>
    internal Action<string, object?>? Watcher { get; set; }

    /// <param name="file">The database file; made when it is missing.</param>
    /// <param name="library">Another SQLite library than the system's, or null.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="timeLimit">How long one visit may take, 10 seconds when left out.</param>
    /// <param name="hold">What is held as long as the database is open: a place in its folder.</param>
    /// <exception cref="Modules.StartupException">The library or the file will not do.</exception>
    public static Database OpenSqlite(
        string file,
        string? library,
        TimeProvider clock,
        TimeSpan? timeLimit = null,
        IDisposable? hold = null
    ) => new SqliteDatabase(file, library, clock, timeLimit, hold);

    /// <param name="connectionString">As Npgsql takes it; several hosts follow the primary.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="timeLimit">How long one visit may take, 10 seconds when left out.</param>
    /// <exception cref="Modules.StartupException">It is not a connection string.</exception>
    public static Database OpenPostgres(string connectionString, TimeProvider clock, TimeSpan? timeLimit = null) =>
        new PostgresDatabase(connectionString, clock, timeLimit);

    /// <summary>Reads. Readers never wait for writers.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer, or not within the time limit.</exception>
    public abstract Task<T> Read<T>(Func<Sql, Task<T>> work, CancellationToken stop);

    /// <summary>Reads at one moment: all statements see the same, whoever writes between them.</summary>
    /// <exception cref="DatabaseUnavailableException">As <see cref="Read"/>.</exception>
    public Task<T> ReadAtOneMoment<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        return Read(
            async sql =>
            {
                // Where the work fails, neither database keeps the connection as it is.
                await sql.Execute(sql.For("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
                var answer = await work(sql);
                await sql.Execute("COMMIT");
                return answer;
            },
            stop
        );
    }

    /// <summary>
    /// Writes in one transaction. <paramref name="stop"/> is heeded while the write waits for its turn, not after: an answer tells
    /// what became of it.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer; nothing was written, or its fate is unknown.</exception>
    public abstract Task<T> Write<T>(Func<Sql, Task<T>> work, CancellationToken stop);

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction while no other process, of this or another machine, migrates this database.
    /// </summary>
    internal abstract Task<T> Migrate<T>(Func<Sql, Task<T>> work, CancellationToken stop);

    /// <summary>
    /// Reads everything as it stands at one moment, for as long as it takes, while others write. Nobody migrates meanwhile.
    /// </summary>
    /// <param name="scratch">An empty file for a copy of an embedded database; the caller removes it.</param>
    /// <param name="work">Reads.</param>
    /// <param name="stop">Ends it.</param>
    internal abstract Task<T> Snapshot<T>(string scratch, Func<Sql, Task<T>> work, CancellationToken stop);

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}
