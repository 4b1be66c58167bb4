using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Data;

namespace Madang.Memos.Moving;

/// <summary>What became of a file's memos so far.</summary>
/// <param name="Total">How many it has; 0 until that is known.</param>
/// <param name="Added">New ones; in a dry run those that would be.</param>
/// <param name="Present">Those that are there already.</param>
/// <param name="Refused">Those that can't be taken in.</param>
/// <param name="Refusals">The first hundred of these.</param>
internal sealed record ImportCount(
    int Total,
    int Added,
    int Present,
    int Refused,
    IReadOnlyList<ImportRefusal> Refusals
)
{
    internal static ImportCount None { get; } = new(0, 0, 0, 0, []);
}

/// <summary>Why something in a file is not imported.</summary>
/// <param name="Place">Where it is: the name of a file in the zip, or its number in a list.</param>
/// <param name="Reason"><c>not_a_memo</c>, <c>not_text</c>, <c>empty</c>, <c>too_long</c>, <c>bad_time</c>, <c>in_trash</c>, <c>odd_name</c> or <c>unreadable</c>.</param>
public sealed record ImportRefusal(string Place, string Reason);

/// <summary>
/// Takes a file's memos in. The file is read through once before the first is written, so that one that breaks off adds nothing. Each
/// memo is written whole; what was written when the process is killed stays, and importing the file again adds the rest.
/// </summary>
internal sealed class ImportRun(IncomingStore store, TimeProvider clock)
{
    internal const int MostRefusals = 100;

    private const int BatchSize = 50;

    /// <summary>Tells what would become of the file, and writes nothing.</summary>
    /// <exception cref="BrokenImportException">The file as a whole can't be read.</exception>
    internal Task<ImportCount> Try(
        FileStream file,
        string? author,
        long owner,
        Func<ImportCount, Task> progress,
        CancellationToken stop
    )
    {
        var seen = new HashSet<Int128>();
        return Run(
            file,
            author,
            ImportCount.None,
            async (memos, count) =>
            {
                var areThere = await store.AreThere(owner, memos, stop);
                var added = memos.Zip(areThere).Count(pair => IsNew(seen, pair.First) && !pair.Second);
                var now = With(count, added, memos.Count);
                await progress(now);
                return now;
            },
            stop
        );
    }

    /// <summary>Takes the file's memos in.</summary>
    /// <param name="file">At its start.</param>
    /// <param name="author">Of a database of several people: whose memos.</param>
    /// <param name="owner">Whose they become.</param>
    /// <param name="also">Is written in the same transaction as each part.</param>
    /// <param name="progress">Is told after each part.</param>
    /// <param name="stop">Ends it between two parts.</param>
    /// <exception cref="BrokenImportException">The file as a whole can't be read; nothing was written.</exception>
    internal async Task<ImportCount> Take(
        FileStream file,
        string? author,
        long owner,
        Func<Sql, ImportCount, Task> also,
        Func<ImportCount, Task> progress,
        CancellationToken stop
    )
    {
        var total = Items(file, author, stop).Count();
        return await Run(
            file,
            author,
            ImportCount.None with
            {
                Total = total,
            },
            async (memos, count) =>
            {
                var now = count;
                await store.Add(
                    owner,
                    memos,
                    (sql, added) =>
                    {
                        now = With(count, added, memos.Count);
                        return also(sql, now);
                    },
                    stop
                );
                await progress(now);
                return now;
            },
            stop
        );
    }

    private async Task<ImportCount> Run(
        FileStream file,
        string? author,
        ImportCount start,
        Func<IReadOnlyList<IncomingMemo>, ImportCount, Task<ImportCount>> handle,
        CancellationToken stop
    )
    {
        var refusals = new List<ImportRefusal>();
        var count = start with { Refusals = refusals };
        var batch = new List<IncomingMemo>(BatchSize);
        var characters = 0;
        foreach (var item in Items(file, author, stop))
        {
            if (item.Memo is { } memo)
            {
                batch.Add(memo);
                characters += memo.Text.Length;
            }
            else
            {
                count = count with { Refused = count.Refused + 1 };
                if (refusals.Count < MostRefusals)
                {
                    refusals.Add(new(item.Place, ImportFaults.NameOf(item.Fault!.Value)));
                }
            }
            if (batch.Count == BatchSize || characters > 1_000_000)
            {
                count = await handle(batch, count);
                batch.Clear();
                characters = 0;
            }
        }
        count = await handle(batch, count);
        return count with { Total = count.Added + count.Present + count.Refused };
    }

    private IEnumerable<IncomingItem> Items(FileStream file, string? author, CancellationToken stop)
    {
        using var items = ImportFile.Read(file, author, clock.GetUtcNow()).GetEnumerator();
        while (Next(items))
        {
            stop.ThrowIfCancellationRequested();
            yield return items.Current;
        }
    }

    private static bool Next(IEnumerator<IncomingItem> items)
    {
        try
        {
            return items.MoveNext();
        }
        catch (InvalidDataException)
        {
            throw new BrokenImportException("broken_zip");
        }
    }

    private static ImportCount With(ImportCount count, int added, int of) =>
        count with
        {
            Added = count.Added + added,
            Present = count.Present + of - added,
        };

    /// <summary>What writing would find out by the memos before: the same thing twice in one file.</summary>
    private static bool IsNew(HashSet<Int128> seen, IncomingMemo memo)
    {
        var isNew = seen.Add(Hash(memo.Origin));
        return seen.Add(Hash($"{memo.CreatedAt.UtcTicks}\n{memo.Text}")) && isNew;
    }

    private static Int128 Hash(string text) =>
        System.Buffers.Binary.BinaryPrimitives.ReadInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
