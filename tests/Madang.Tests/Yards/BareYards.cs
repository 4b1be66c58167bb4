namespace Madang.Tests.Yards;

/// <summary>A yard on the embedded database in which nobody has signed up, with nothing but these settings.</summary>
public sealed class BareSqliteYard(params string[] settings) : SqliteYard
{
    protected override string[] Settings => settings;

    protected override Task Settle() => Task.CompletedTask;
}

/// <summary>A yard on PostgreSQL in which nobody has signed up, with nothing but these settings.</summary>
public sealed class BarePostgresYard(PostgresServer postgres, params string[] settings) : PostgresYard(postgres)
{
    protected override string[] Settings => settings;

    protected override Task Settle() => Task.CompletedTask;
}

/// <summary>Starts a yard of its own for a test that needs settings or a beginning of its own.</summary>
public delegate Yard NewYard(params string[] settings);

public static class NewYards
{
    public static NewYard OnSqlite => settings => new BareSqliteYard(settings);

    public static NewYard OnPostgres(PostgresServer postgres) => settings => new BarePostgresYard(postgres, settings);

    /// <summary>Starts it.</summary>
    public static async Task<Yard> Start(this NewYard yards, params string[] settings)
    {
        var yard = yards(settings);
        await yard.InitializeAsync();
        return yard;
    }
}
