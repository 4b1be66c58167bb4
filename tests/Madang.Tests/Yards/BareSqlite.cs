using Dapper;
using Madang.Foundation.Data;
using Microsoft.Data.Sqlite;

namespace Madang.Tests.Yards;

/// <summary>An embedded database without a server and without tables, in a temporary folder.</summary>
public sealed class BareSqlite : IAsyncDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"madang-bare-{Guid.NewGuid():N}");

    public BareSqlite()
    {
        Directory.CreateDirectory(folder);
        File = Path.Combine(folder, "madang.db");
        Database = Open();
    }

    public TestClock Clock { get; } = new();

    public string File { get; }

    public Database Database { get; }

    /// <summary>Opens the same file once more, as another process would.</summary>
    public Database Open() => Database.OpenSqlite(File, null, Clock);

    /// <summary>What a connection sees that has nothing to do with <see cref="Database"/>.</summary>
    public T FromOutside<T>(string text)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        connection.Open();
        return connection.QuerySingle<T>(text);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
