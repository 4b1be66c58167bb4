using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Data;
using Madang.Foundation.Moving;
using Madang.Memos.Pictures;

namespace Madang.Memos.Moving;

/// <summary>What became of a file's memos so far.</summary>
/// <param name="Total">How many it has; 0 until that is known.</param>
/// <param name="Added">New ones; in a dry run those that would be.</param>
/// <param name="Present">Those that are there already.</param>
/// <param name="Refused">Those that can't be taken in.</param>
/// <param name="Pictures">New pictures of theirs; in a dry run those that would be.</param>
/// <param name="PicturesRefused">Pictures of theirs that can't be taken in; the memos come all the same.</param>
/// <param name="Refusals">The first hundred of what is refused.</param>
internal sealed record ImportCount(
    int Total,
    int Added,
    int Present,
    int Refused,
    int Pictures,
    int PicturesRefused,
    IReadOnlyList<ImportRefusal> Refusals
)
{
    internal static ImportCount None { get; } = new(0, 0, 0, 0, 0, 0, []);
}

/// <summary>Why something in a file is not imported.</summary>
/// <param name="Place">Where it is: the name of a file in the zip, or its number in a list.</param>
/// <param name="Reason"><c>not_a_memo</c>, <c>not_text</c>, <c>empty</c>, <c>too_long</c>, <c>bad_time</c>, <c>in_trash</c>, <c>odd_name</c> or <c>unreadable</c>;
/// of a picture <c>picture_missing</c>, <c>picture_too_large</c>, <c>picture_unknown</c>, <c>picture_broken</c>, <c>picture_too_many_pixels</c>,
/// <c>picture_no_room</c>, <c>picture_quota</c> or <c>unreadable</c>.</param>
public sealed record ImportRefusal(string Place, string Reason);

/// <summary>
/// Takes a file's memos in. The file is read through once before the first is written, so that one that breaks off adds nothing. Each
/// memo is written whole; what was written when the process is killed stays, and importing the file again adds the rest.
/// </summary>
internal sealed class ImportRun(IncomingStore store, PictureStore pictures, KnownPictures known, TimeProvider clock)
{
    internal const int MostRefusals = 100;

    private const int BatchSize = 50;

    /// <summary>Tells what would become of the file, and writes nothing.</summary>
    /// <exception cref="BrokenImportException">The file as a whole can't be read.</exception>
    internal async Task<ImportCount> Try(
        FileStream file,
        string? author,
        long owner,
        Func<ImportCount, Task> progress,
        CancellationToken stop
    )
    {
        var seen = new HashSet<Int128>();
        using var source = new ImportFile(file);
        using var brought = new IncomingPictures(pictures, known, owner);
        return await Run(
            Items(source, author, stop),
            ImportCount.None,
            brought,
            async (memos, count) =>
            {
                var areThere = await store.AreThere(owner, memos, stop);
                var added = memos.Where((memo, at) => IsNew(seen, memo) && !areThere[at]).ToList();
                await brought.Try(added, stop);
                var now = With(count, brought, added.Count, memos.Count);
                await progress(now);
                return now;
            }
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
        using var source = new ImportFile(file);
        using var brought = new IncomingPictures(pictures, known, owner);
        var total = Items(source, author, stop).Count();
        return await Run(
            Items(source, author, stop),
            ImportCount.None with
            {
                Total = total,
            },
            brought,
            async (memos, count) =>
            {
                var now = count;
                await ReceivePictures(owner, memos, brought, stop);
                await Keep(
                    brought,
                    store.Add(
                        owner,
                        memos,
                        brought,
                        (sql, added) =>
                        {
                            now = With(count, brought, added, memos.Count);
                            return also(sql, now);
                        },
                        stop
                    )
                );
                await progress(now);
                return now;
            }
        );
    }

    /// <summary>Those of memos that are here already stay where they are.</summary>
    private async Task ReceivePictures(
        long owner,
        IReadOnlyList<IncomingMemo> memos,
        IncomingPictures brought,
        CancellationToken stop
    )
    {
        if (memos.Any(memo => memo.Pictures.Count > 0))
        {
            var areThere = await store.AreThere(owner, memos, stop);
            await brought.Receive(memos.Where((_, at) => !areThere[at]), stop);
        }
    }

    private static async Task Keep(IncomingPictures brought, Task<int> written)
    {
        try
        {
            await written;
            brought.Settle();
        }
        catch (DatabaseUnavailableException error) when (!error.IsDiskFull)
        {
            brought.Leave();
            throw;
        }
    }

    private static async Task<ImportCount> Run(
        IEnumerable<IncomingItem> items,
        ImportCount start,
        IncomingPictures brought,
        Func<IReadOnlyList<IncomingMemo>, ImportCount, Task<ImportCount>> handle
    )
    {
        var refusals = new List<ImportRefusal>();
        var count = start with { Refusals = refusals };
        var batch = new List<IncomingMemo>(BatchSize);
        var (characters, shown) = (0, 0);
        foreach (var item in items)
        {
            if (item.Memo is { } memo)
            {
                batch.Add(memo);
                characters += memo.Text.Length;
                shown += memo.Pictures.Count;
            }
            else
            {
                count = count with { Refused = count.Refused + 1 };
                if (refusals.Count < MostRefusals)
                {
                    refusals.Add(new(item.Place, ImportFaults.NameOf(item.Fault!.Value)));
                }
            }
            if (batch.Count == BatchSize || characters > 1_000_000 || shown > BatchSize)
            {
                count = await handle(batch, count);
                batch.Clear();
                (characters, shown) = (0, 0);
            }
        }
        count = await handle(batch, count);
        return count with
        {
            Total = count.Added + count.Present + count.Refused,
            Refusals = [.. refusals.Concat(brought.Outcomes.Refusals).Take(MostRefusals)],
        };
    }

    private IEnumerable<IncomingItem> Items(ImportFile source, string? author, CancellationToken stop)
    {
        using var items = source.Read(author, clock.GetUtcNow()).GetEnumerator();
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

    private static ImportCount With(ImportCount count, IncomingPictures brought, int added, int of) =>
        count with
        {
            Pictures = brought.Outcomes.Added,
            PicturesRefused = brought.Outcomes.Refused,
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
