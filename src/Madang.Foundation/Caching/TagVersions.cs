using System.Collections.Concurrent;
using System.Security.Cryptography;
using Madang.Foundation.Data;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Caching;

/// <summary>
/// The versions of all tags. They stand in the database and are raised in the transaction of the write that they speak of: so none is
/// lost, whatever dies when. This process raises what it knows as soon as its own commit is done; of other processes' writes it learns by
/// looking, when somebody asks and the last look is too old, or when Redis tells that there is something to see.
/// </summary>
internal sealed partial class TagVersions(Database db, ILogger<TwoLevelCache> log)
{
    /// <summary>The row that has no tag's name: a number of this yard's own, so that two that share a Redis share nothing in it.</summary>
    private const string YardsRow = "";

    /// <summary>The tag that every answer has, as <c>HybridCache</c> knows it.</summary>
    internal const string Everything = "*";

    /// <summary>How long what a look found is relied on: what was written elsewhere is seen within a second, its answer's way included.</summary>
    internal static readonly TimeSpan Trust = TimeSpan.FromMilliseconds(800);

    /// <summary>From this age on the next look is begun, beside a request that need not wait for it.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a request waits for a look before it does without.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long nobody looks again after a look that failed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Tag> tags = new(StringComparer.Ordinal);
    private readonly TimeProvider clock = db.Clock;
    private readonly Lock turn = new();
    private Task look = Task.CompletedTask;
    private long lookedAt = -1;
    private long toldAt;
    private long failedAt = -1;
    private bool isAway;

    /// <summary>The yard's own number, 0 until the first look.</summary>
    internal Tag Yard { get; } = new(YardsRow);

    internal long Now => clock.GetTimestamp();

    /// <summary>Whether all that was committed anywhere until a moment ago is known.</summary>
    internal bool IsSure(long now)
    {
        var at = Volatile.Read(ref lookedAt);
        return at > Volatile.Read(ref toldAt) && clock.GetElapsedTime(at, now) <= Trust;
    }

    /// <returns>The versions as they are known now, to be stored with what is computed from here on.</returns>
    internal Stamp Take(IReadOnlyList<string> names)
    {
        var all = new Tag[names.Count + 2];
        (all[0], all[1]) = (Yard, Find(Everything));
        for (var i = 0; i < names.Count; i++)
        {
            all[i + 2] = Find(names[i]);
        }
        return new Stamp(all, Now);
    }

    /// <summary>Raises tags in the write that changes what they stand for. Rows are locked until it ends, always in one order.</summary>
    internal static async Task<List<(string Tag, long Version)>> Raise(Sql sql, IEnumerable<string> names)
    {
        var raised = new List<(string, long)>();
        foreach (var tag in names.Select(NotEmpty).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            // By the clock, so that a restored backup gives no version a second time; and by one at least, whatever the clock does.
            var version = await sql.Single<long>(
                $"""
                INSERT INTO cache_tags (tag, version) VALUES (@tag, @Version)
                ON CONFLICT (tag) DO UPDATE SET version = {sql.For(
                    "max",
                    "greatest"
                )}(cache_tags.version + 1, excluded.version)
                RETURNING version
                """,
                new { tag, Version = Instant.ToMicroseconds(sql.Now) }
            );
            raised.Add((tag, version));
        }
        return raised;
    }

    /// <summary>A write of this process is durable.</summary>
    internal void Raised(List<(string Tag, long Version)> raised) =>
        raised.ForEach(one => Find(one.Tag).Raise(one.Version));

    /// <summary>Somebody has told that there is something new: nothing known is relied on before the next look.</summary>
    internal void Told() => Volatile.Write(ref toldAt, Now);

    /// <summary>Makes sure, by a look where one is due.</summary>
    /// <returns>False when the database doesn't tell in time: then only what was computed a moment ago is fit to be served.</returns>
    internal async ValueTask<bool> Ensure(CancellationToken stop)
    {
        // A look that was under way when Redis told of something new counts for nothing; the next one does.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var now = Now;
            if (IsSure(now))
            {
                LookAhead(now);
                return true;
            }
            if (Volatile.Read(ref failedAt) is var failed and >= 0 && clock.GetElapsedTime(failed, now) < Pause)
            {
                return false;
            }
            try
            {
                await Look().WaitAsync(Patience, stop);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
        return IsSure(Now);
    }

    /// <summary>Begins the next look when the last one is no longer new, so that under load nobody ever waits for one.</summary>
    internal void LookAhead(long now)
    {
        if (clock.GetElapsedTime(Volatile.Read(ref lookedAt), now) > Age && Volatile.Read(ref look).IsCompleted)
        {
            _ = Look();
        }
    }

    /// <summary>The row without a name is nobody's to raise.</summary>
    private static string NotEmpty(string tag)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        return tag;
    }

    private Tag Find(string name) =>
        tags.TryGetValue(name, out var tag) ? tag : tags.GetOrAdd(name, one => new Tag(one));

    /// <summary>All who want to know wait for one look. It ends well in any case.</summary>
    private Task Look()
    {
        lock (turn)
        {
            return look.IsCompleted ? look = Task.Run(LookNow) : look;
        }
    }

    private async Task LookNow()
    {
        var began = Now;
        try
        {
            var rows = await Rows();
            if (!rows.Exists(row => row.Tag.Length == 0))
            {
                await NumberTheYard();
                rows = await Rows();
            }
            Learn(rows);
            Volatile.Write(ref failedAt, -1);
            Volatile.Write(ref lookedAt, began);
            isAway = false;
        }
        catch (Exception error)
        {
            Volatile.Write(ref failedAt, Now);
            if (!isAway)
            {
                CannotLook(log, error);
            }
            isAway = true;
        }
    }

    private Task<List<TagRow>> Rows() =>
        db.Read(sql => sql.Query<TagRow>("SELECT tag, version FROM cache_tags"), CancellationToken.None);

    /// <summary>Once in a yard's life; of two processes that do it at once the first one's number stays.</summary>
    private Task NumberTheYard() =>
        db.Write(
            sql =>
                sql.Execute(
                    "INSERT INTO cache_tags (tag, version) VALUES ('', @Number) ON CONFLICT (tag) DO NOTHING",
                    new
                    {
                        Number = (long)RandomNumberGenerator.GetInt32(1, int.MaxValue) << 31
                            | (uint)RandomNumberGenerator.GetInt32(int.MaxValue),
                    }
                ),
            CancellationToken.None
        );

    private void Learn(List<TagRow> rows)
    {
        var yard = rows.Find(row => row.Tag.Length == 0)?.Version ?? 0;
        // Another database in the place of the one that was read before, which had versions of its own.
        var isAnother = Yard.Version != 0 && Yard.Version != yard;
        foreach (var row in rows.Where(row => row.Tag.Length > 0))
        {
            var tag = Find(row.Tag);
            if (isAnother)
            {
                tag.Set(row.Version);
            }
            else
            {
                // What this process committed since the look began is newer than what the look saw.
                tag.Raise(row.Version);
            }
        }
        Yard.Set(yard);
    }

    [LoggerMessage(
        1703,
        LogLevel.Warning,
        "What other processes have changed can't be read now; answers are kept for less than a second each."
    )]
    private static partial void CannotLook(ILogger log, Exception error);

    private sealed record TagRow
    {
        public required string Tag { get; init; }
        public required long Version { get; init; }
    }
}
