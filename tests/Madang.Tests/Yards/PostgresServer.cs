using Npgsql;

[assembly: AssemblyFixture(typeof(Madang.Tests.Yards.PostgresServer))]

namespace Madang.Tests.Yards;

/// <summary>The PostgreSQL server that all tests of this run share; those that kill theirs have one of their own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private PostgresProcess? server;
    private int databases;

    public async ValueTask InitializeAsync()
    {
        if (PostgresProcess.Programs is not null)
        {
            // No fsync: nothing here is killed. A commit waits for a standby that never comes only where a session asks for it.
            server = await PostgresProcess.Make(
                "fsync=off",
                "synchronous_commit=local",
                "synchronous_standby_names=nobody"
            );
        }
    }

    /// <returns>The connection string of a new, empty database.</returns>
    public async Task<string> NewDatabase()
    {
        Assert.SkipWhen(server is null, PostgresProcess.NotInstalled);
        var name = $"yard{Interlocked.Increment(ref databases)}";
        await server.Do($"CREATE DATABASE {name}");
        return $"{server.Connection(name)};Maximum Pool Size=40";
    }

    /// <summary>Drops a database that a test is done with.</summary>
    public Task Drop(string connectionString) =>
        server!.Do(
            $"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)"
        );

    /// <summary>Lets nobody into a database any more, and throws out who is there.</summary>
    public async Task Close(string database)
    {
        await server!.Do($"ALTER DATABASE {database} WITH ALLOW_CONNECTIONS false");
        await server.Do($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}'");
    }

    /// <summary>Lets everybody in again.</summary>
    public Task Open(string database) => server!.Do($"ALTER DATABASE {database} WITH ALLOW_CONNECTIONS true");

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
