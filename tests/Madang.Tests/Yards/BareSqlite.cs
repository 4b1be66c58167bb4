using Dapper;
using Madang.Foundation.Data;
using Microsoft.Data.Sqlite;

namespace Madang.Tests.Yards;

/// <summary>An embedded database without a server, in a temporary folder.</summary>
public sealed class BareSqlite : Bare
{
    public BareSqlite() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"madang-bare-{Guid.NewGuid():N}");

    public string File => Path.Combine(Folder, "madang.db");

    public override string[] Settings => [$"--Data:Directory={Folder}"];

    public override Database Open() => Database.OpenSqlite(File, null, Clock, Patience);

    /// <summary>What a connection sees that has nothing to do with <see cref="Bare.Database"/>.</summary>
    public T FromOutside<T>(string text)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        connection.Open();
        return connection.QuerySingle<T>(text);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
