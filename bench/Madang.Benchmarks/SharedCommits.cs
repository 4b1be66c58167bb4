using BenchmarkDotNet.Attributes;
using Dapper;
using Madang.Foundation.Data;
using Microsoft.Data.Sqlite;

namespace Madang.Benchmarks;

/// <summary>
/// What sharing commits is worth: 64 callers, each waiting until its row is on disk, against the same rows with a commit of their
/// own each. The ratio depends on how long the disk takes to flush.
/// </summary>
[ShortRunJob]
public class SharedCommits
{
    private const int Callers = 64;
    private const int WritesEach = 16;

    private string folder = "";
    private Database database = null!;
    private SqliteConnection alone = null!;

    /// <summary>Makes both databases.</summary>
    [GlobalSetup]
    public async Task Setup()
    {
        // Not the temporary folder, which may be in memory, where a flush costs nothing.
        folder = Path.Combine(AppContext.BaseDirectory, $"bench-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        database = Database.OpenSqlite(Path.Combine(folder, "shared.db"), null, TimeProvider.System);
        await database.Write(sql => sql.Execute("CREATE TABLE rows (id integer PRIMARY KEY, text text)"), default);
        alone = new SqliteConnection($"Data Source={Path.Combine(folder, "alone.db")};Pooling=false");
        await alone.OpenAsync();
        await alone.ExecuteAsync(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id integer PRIMARY KEY, text text)"
        );
    }

    /// <summary>1,024 rows, a commit each.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Callers * WritesEach)]
    public void OneCommitEach()
    {
        for (var write = 0; write < Callers * WritesEach; write++)
        {
            alone.Execute("BEGIN IMMEDIATE");
            alone.Execute("INSERT INTO rows (text) VALUES (@text)", new { text = "무엇이든" });
            alone.Execute("COMMIT");
        }
    }

    /// <summary>1,024 rows by 64 callers, whose writes share commits.</summary>
    [Benchmark(OperationsPerInvoke = Callers * WritesEach)]
    public Task SharedByCallers() => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => OneCaller()));

    /// <summary>Removes both databases.</summary>
    [GlobalCleanup]
    public async Task Cleanup()
    {
        await database.DisposeAsync();
        await alone.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task OneCaller()
    {
        for (var write = 0; write < WritesEach; write++)
        {
            await database.Write(
                sql => sql.Execute("INSERT INTO rows (text) VALUES (@text)", new { text = "무엇이든" }),
                CancellationToken.None
            );
        }
    }
}
