using Madang.Foundation.Data;
using Madang.Foundation.Schema;
using Madang.Host;

namespace Madang.Tests.Yards;

/// <summary>A database without a server: empty, until a test builds the schema.</summary>
public abstract class Bare : IAsyncLifetime
{
    private Database? database;

    /// <summary>Tests hold a visit open while others do something, which takes its time on a busy machine.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public TestClock Clock { get; } = new();

    public Database Database => database!;

    /// <summary>What names this database on the command line.</summary>
    public abstract string[] Settings { get; }

    public virtual ValueTask InitializeAsync()
    {
        database = Open();
        return ValueTask.CompletedTask;
    }

    /// <summary>Nobody has the database open any more, until <see cref="Reopen"/>.</summary>
    public async Task Close() => await Database.DisposeAsync();

    /// <summary>Opens it as it is now.</summary>
    public void Reopen() => database = Open();

    /// <summary>Opens the same database once more, as another process would.</summary>
    public abstract Database Open();

    /// <summary>Brings it to the newest schema.</summary>
    public Task Build() => new SchemaRunner(Database, Modules.All).Migrate(CancellationToken.None);

    public Task<T> Ask<T>(string text, object? values = null) =>
        Database.Read(sql => sql.Single<T>(text, values), CancellationToken.None);

    public Task<int> Do(string text, object? values = null) =>
        Database.Write(sql => sql.Execute(text, values), CancellationToken.None);

    public virtual async ValueTask DisposeAsync() => await Database.DisposeAsync();
}
