using BenchmarkDotNet.Attributes;
using Madang.Foundation.Data;
using Madang.Foundation.Schema;
using Madang.Memos;
using Madang.Memos.Reading;
using Madang.Memos.Writing;

namespace Madang.Benchmarks;

/// <summary>
/// Whether a look through one's own memos is enough, or they need the bigram index that the team's have: a search that finds nothing,
/// and so looks at all, against the plain first page.
/// </summary>
[ShortRunJob]
public class SearchOfOnesOwn
{
    private string folder = "";
    private Database database = null!;
    private MemoLists lists = null!;

    /// <summary>How many memos the user has.</summary>
    [Params(1_000, 10_000)]
    public int Memos { get; set; }

    /// <summary>Makes a user with memos.</summary>
    [GlobalSetup]
    public async Task Setup()
    {
        folder = Path.Combine(AppContext.BaseDirectory, $"bench-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        database = Database.OpenSqlite(Path.Combine(folder, "search.db"), null, TimeProvider.System);
        await new SchemaRunner(database, [new MemosModule()]).Migrate(default);
        await database.Write(
            sql =>
                sql.Execute(
                    """
                    INSERT INTO users (username, security_stamp, role, created_at, updated_at)
                    VALUES ('나', '', 'member', @Now, @Now)
                    """,
                    new { sql.Now }
                ),
            default
        );
        var store = new MemoStore(database);
        lists = new MemoLists(database);
        await Task.WhenAll(
            Enumerable
                .Range(0, Memos)
                .Select(number =>
                    store.Write(
                        1,
                        new()
                        {
                            Text =
                                $"메모 {number}: 새 책장은 창가 쪽으로. 대출 기간은 2주, 연장은 두 번까지. 다음 모임에서 기증 도서 40권을 등록해요. #책장",
                        },
                        default
                    )
                )
        );
    }

    /// <summary>The first page of 20.</summary>
    [Benchmark(Baseline = true)]
    public Task<List<Memo>> FirstPage() => lists.List(new MemoFilter(), 1, null, 20, default);

    /// <summary>A two-syllable word that every memo has: 20 are found soon.</summary>
    [Benchmark]
    public Task<List<Memo>> CommonWord() => lists.List(new MemoFilter(Query: "책장"), 1, null, 20, default);

    /// <summary>A two-syllable word that no memo has: all are looked at.</summary>
    [Benchmark]
    public Task<List<Memo>> AbsentWord() => lists.List(new MemoFilter(Query: "바다"), 1, null, 20, default);

    /// <summary>Removes the database.</summary>
    [GlobalCleanup]
    public async Task Cleanup()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
