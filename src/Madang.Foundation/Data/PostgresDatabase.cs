using System.Diagnostics;
using Madang.Foundation.Modules;
using Npgsql;

namespace Madang.Foundation.Data;

/// <summary>
/// PostgreSQL through one <see cref="NpgsqlDataSource"/>; several hosts in the connection string follow the primary. A write is
/// tried again only while its COMMIT was not sent: after that nobody knows its fate but the server.
/// </summary>
internal sealed class PostgresDatabase : Database
{
    private const int MostTries = 3;

    /// <summary>Any number, the same in every release: who holds it migrates.</summary>
    private const long MigrationLock = 0x6D_61_64_61_6E_67;

    private readonly NpgsqlDataSource source;

    /// <exception cref="StartupException">The connection string is not one.</exception>
    internal PostgresDatabase(string connectionString, TimeProvider clock)
        : base(clock)
    {
        Instant.TeachDapper();
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "madang" };
            settings.MaxAutoPrepare = settings.MaxAutoPrepare == 0 ? 200 : settings.MaxAutoPrepare;
            settings.Timeout = Math.Min(settings.Timeout, 10);
            settings.CommandTimeout = Math.Min(settings.CommandTimeout, 20);
            settings.Timezone = "UTC";
            if (settings.Host?.Contains(',', StringComparison.Ordinal) == true)
            {
                settings.TargetSessionAttributes = "primary";
            }
            source = NpgsqlDataSource.Create(settings);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StartupException($"Data:Postgres is not a connection string: {error.Message}", error);
        }
    }

    public override Dialect Dialect => Dialect.Postgres;

    public override async Task<T> Read<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        try
        {
            await using var connection = await Open(stop);
            return await work(new Sql(this, connection, null, stop));
        }
        catch (NpgsqlException error) when (IsUnavailable(error))
        {
            throw Unavailable(error);
        }
    }

    public override async Task<T> Write<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnce(work, stop);
            }
            catch (NpgsqlException error) when (CanTryAgain(error) && attempt < MostTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10 * attempt), Clock, stop);
            }
            catch (NpgsqlException error) when (IsUnavailable(error) || CanTryAgain(error))
            {
                throw Unavailable(error);
            }
        }
    }

    internal override async Task<T> Migrate<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        try
        {
            await using var connection = await Open(stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            // Waiting for the other migration, and a script over much data, may take longer than any request.
            var sql = new Sql(this, connection, transaction, stop) { TimeLimit = 0 };
            await sql.Execute("SELECT set_config('statement_timeout', '0', true)");
            await using (var command = connection.CreateCommand())
            {
                command.CommandText = "SELECT pg_advisory_xact_lock(@id)";
                command.CommandTimeout = 0;
                command.Parameters.AddWithValue("id", MigrationLock);
                await command.ExecuteNonQueryAsync(stop);
            }
            var answer = await work(sql);
            await transaction.CommitAsync(stop);
            return answer;
        }
        catch (NpgsqlException error) when (IsUnavailable(error))
        {
            throw Unavailable(error);
        }
    }

    internal override async Task<T> Snapshot<T>(string scratch, Func<Sql, Task<T>> work, CancellationToken stop)
    {
        try
        {
            await using var connection = await Open(stop);
            // COPY sees the tables as they are, not as the snapshot has them: so nobody migrates until it is read.
            var lone = new Sql(this, connection, null, stop) { TimeLimit = 0 };
            await lone.Execute("SELECT set_config('statement_timeout', '0', false)");
            await lone.Execute("SELECT set_config('idle_in_transaction_session_timeout', '0', false)");
            await lone.Execute("SELECT pg_advisory_lock_shared(@MigrationLock)", new { MigrationLock });
            await using var transaction = await connection.BeginTransactionAsync(
                System.Data.IsolationLevel.RepeatableRead,
                stop
            );
            var sql = new Sql(this, connection, transaction, stop) { TimeLimit = 0 };
            await sql.Execute("SET TRANSACTION READ ONLY");
            // The pool unlocks and resets a connection that comes back.
            return await work(sql);
        }
        catch (NpgsqlException error) when (IsUnavailable(error))
        {
            throw Unavailable(error);
        }
    }

    public override ValueTask DisposeAsync()
    {
        Measures.Dispose();
        return source.DisposeAsync();
    }

    /// <summary>Whatever keeps us from coming in, a wrong password or a database that is gone too, is nothing that a request could mend.</summary>
    private async Task<NpgsqlConnection> Open(CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            return await source.OpenConnectionAsync(stop);
        }
        catch (NpgsqlException error)
        {
            throw Unavailable(error);
        }
        finally
        {
            Measures.Waited(began);
        }
    }

    private async Task<T> WriteOnce<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        await using var connection = await Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var sql = new Sql(this, connection, transaction, CancellationToken.None);
        var answer = await work(sql);
        if (sql.IsRolledBack)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            return answer;
        }
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException error) when (error is not PostgresException || IsConnectionLost(error))
        {
            throw new DatabaseUnavailableException(
                "The connection was lost during a commit, so its fate is unknown.",
                error
            );
        }
        sql.Committed();
        return answer;
    }

    private static bool CanTryAgain(NpgsqlException error) =>
        error.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
        || IsConnectionLost(error)
        || (error is not PostgresException && error.IsTransient && error.InnerException is not TimeoutException);

    /// <summary>The server said good-bye (class 57P): it stops, or somebody ended this connection.</summary>
    private static bool IsConnectionLost(NpgsqlException error) =>
        error.SqlState?.StartsWith("57P", StringComparison.Ordinal) == true;

    private static bool IsUnavailable(NpgsqlException error) =>
        error is not PostgresException
        || error.IsTransient
        || IsConnectionLost(error)
        || error.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled;

    private static DatabaseUnavailableException Unavailable(NpgsqlException error) =>
        new("PostgreSQL did not answer.", error, error.SqlState == PostgresErrorCodes.DiskFull);
}
