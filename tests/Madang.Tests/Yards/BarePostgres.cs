using Madang.Foundation.Data;

namespace Madang.Tests.Yards;

/// <summary>A PostgreSQL database without a server of ours.</summary>
public sealed class BarePostgres(PostgresServer postgres) : Bare
{
    public string Connection { get; private set; } = "";

    public override string[] Settings => [$"--Data:Postgres={Connection}"];

    public override async ValueTask InitializeAsync()
    {
        Connection = await postgres.NewDatabase();
        await base.InitializeAsync();
    }

    public override Database Open() => Database.OpenPostgres(Connection, Clock, Patience);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await postgres.Drop(Connection);
    }
}
