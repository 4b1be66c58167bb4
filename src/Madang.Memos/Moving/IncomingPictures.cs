using Madang.Foundation.Data;
using Madang.Memos.Pictures;
using Microsoft.Data.Sqlite;

namespace Madang.Memos.Moving;

/// <summary>
/// Brings the pictures of one import's memos. Each is checked as an upload is, and kept once, however many memos show it; one that the
/// member has already, byte for byte, is not kept again. Its row is written in the transaction of the first memo that shows it, so that
/// an import that is killed leaves no picture without its memo.
/// </summary>
internal sealed class IncomingPictures(PictureStore pictures, KnownPictures known, long owner) : IDisposable
{
    /// <summary>What became of those that are settled, by their ids over there.</summary>
    private readonly Dictionary<string, Outcome> settled = [];

    /// <summary>Those that wait for their rows.</summary>
    private readonly Dictionary<string, Waiting> waiting = [];

    private readonly List<ImportRefusal> refusals = [];

    /// <summary>What becomes of those that wait, when the transaction that runs is kept.</summary>
    private Dictionary<string, Outcome> written = [];
    private int added;
    private int refused;
    private long? room;

    /// <summary>New ones, those included that the transaction writes.</summary>
    internal int Added => added + written.Values.Count(outcome => outcome.IsNew);

    /// <summary>Those that can't be taken in, likewise.</summary>
    internal int Refused => refused + written.Values.Count(outcome => outcome.Id is null);

    internal bool AreWaiting => waiting.Count > 0;

    /// <summary>The first of those that are refused.</summary>
    internal IReadOnlyList<ImportRefusal> Refusals => refusals;

    /// <summary>Takes in, checked and durable but without rows, what memos show and was not met before.</summary>
    internal async Task Receive(IEnumerable<IncomingMemo> memos, CancellationToken stop)
    {
        var unmet = memos
            .SelectMany(memo => memo.Pictures)
            .Where(picture => !settled.ContainsKey(picture.Id))
            .DistinctBy(picture => picture.Id)
            .ToList();
        if (unmet.Count == 0)
        {
            return;
        }
        // Of this very yard: what is still here is shown as it was.
        var own = await known.Owned(owner, [.. unmet.Select(picture => picture.Id)], stop);
        foreach (var picture in unmet)
        {
            if (own.Contains(picture.Id))
            {
                settled.Add(picture.Id, new(picture.Id));
            }
            else if (await Receive(picture, stop) is { } reason)
            {
                Settle(picture.Id, picture.Place, new(null, reason));
            }
        }
    }

    /// <summary>Tells what would come of memos' pictures; nothing is kept.</summary>
    internal async Task Try(IEnumerable<IncomingMemo> memos, CancellationToken stop)
    {
        room ??= await pictures.RoomOf(owner, stop);
        // One after the other: none lies about longer than it is looked at.
        foreach (var (memo, picture) in memos.SelectMany(memo => memo.Pictures.Select(picture => (memo, picture))))
        {
            await Receive([memo with { Pictures = [picture] }], stop);
            foreach (var (id, one) in waiting)
            {
                var isNew = one.Same is null;
                var fits = !isNew || one.File.Bytes <= room;
                room -= isNew && fits ? one.File.Bytes : 0;
                Settle(id, one.Place, fits ? new(one.Id, IsNew: isNew) : new(null, "picture_quota"));
            }
            Dispose();
        }
    }

    /// <summary>Begins a transaction, perhaps once more.</summary>
    internal void Begin() => written = [];

    /// <summary>Writes the rows of what a memo shows and waits.</summary>
    /// <returns>The memo's text, with the addresses that its pictures have here.</returns>
    internal async Task<string> Write(Sql sql, IncomingMemo memo)
    {
        var unwritten = memo
            .Pictures.Where(picture => waiting.ContainsKey(picture.Id) && !written.ContainsKey(picture.Id))
            .Select(picture => picture.Id)
            .ToList();
        // An address is longer when the picture is not of the size that the old one says.
        var isTooLong = IsTooLong(Text(memo, id => waiting.GetValueOrDefault(id)?.Id));
        foreach (var id in unwritten)
        {
            written[id] = isTooLong ? new(null, "picture_no_room") : await Write(sql, waiting[id]);
        }
        return Text(memo, _ => null);
    }

    /// <summary>The transaction is kept: files take their places.</summary>
    internal void Settle()
    {
        var kept = written.Where(one => one.Value.IsNew).Select(one => waiting[one.Key].File).ToList();
        // Their rows are there: should one of them not get to its place now, none is thrown away.
        kept.ForEach(file => file.Leave());
        kept.ForEach(file => file.Place());
        foreach (var (id, outcome) in written)
        {
            Settle(id, waiting[id].Place, outcome);
        }
        written = [];
        Dispose();
    }

    /// <summary>Nobody knows whether the transaction is kept.</summary>
    internal void Leave()
    {
        foreach (var one in waiting.Values)
        {
            one.File.Leave();
        }
    }

    /// <summary>Throws away what waits.</summary>
    public void Dispose()
    {
        foreach (var one in waiting.Values)
        {
            one.File.Dispose();
        }
        waiting.Clear();
    }

    /// <returns>Why it is refused, or null when it waits.</returns>
    private async Task<string?> Receive(IncomingPicture picture, CancellationToken stop)
    {
        if (picture.Open is null)
        {
            return "picture_missing";
        }
        try
        {
            await using var content = picture.Open();
            var (arrived, reason) = await pictures.Receive(content, stop);
            if (arrived is not null)
            {
                waiting.Add(picture.Id, new(picture.Place, arrived));
                waiting[picture.Id].Same = await known.FindSame(owner, arrived, stop);
            }
            return reason;
        }
        catch (Exception error) when (error is InvalidDataException or SqliteException)
        {
            return "unreadable";
        }
        catch (BrokenImportException)
        {
            // All together unpack to more than a file may come to.
            return "picture_too_large";
        }
    }

    private async Task<Outcome> Write(Sql sql, Waiting one)
    {
        if (one.Same is { } same && await KnownPictures.IsThere(sql, owner, same))
        {
            return new(same);
        }
        var (picture, _) = await pictures.Add(sql, owner, one.File);
        return picture is null ? new(null, "picture_quota") : new(picture.Id, IsNew: true);
    }

    private string Text(IncomingMemo memo, Func<string, string?> idOf)
    {
        var here = memo
            .Pictures.Select(one =>
                (
                    One: one,
                    Id: (settled.GetValueOrDefault(one.Id) ?? written.GetValueOrDefault(one.Id))?.Id ?? idOf(one.Id)
                )
            )
            .Where(pair => pair.Id is not null)
            .ToList();
        var text = PictureAddress.Change(memo.Text, here.ToDictionary(pair => pair.One.Id, pair => pair.Id!));
        var added = here.Where(pair => pair.One.Title is not null)
            .Select(pair => $"![{pair.One.Title}]({PictureAddress.Of(pair.Id!)})")
            .ToList();
        return added.Count == 0 ? text : $"{text.TrimEnd()}\n\n{string.Join('\n', added)}";
    }

    private static bool IsTooLong(string text) =>
        text.Length > Memo.LongestText && text.EnumerateRunes().Count() > Memo.LongestText;

    private void Settle(string id, string place, Outcome outcome)
    {
        settled.Add(id, outcome);
        added += outcome.IsNew ? 1 : 0;
        refused += outcome.Id is null ? 1 : 0;
        if (outcome.Reason is { } reason && refusals.Count < ImportRun.MostRefusals)
        {
            refusals.Add(new(place, reason));
        }
    }

    /// <param name="Id">What it is here, or null.</param>
    /// <param name="Reason">Why it is not taken, or null.</param>
    /// <param name="IsNew">Whether it was not here before.</param>
    private sealed record Outcome(string? Id, string? Reason = null, bool IsNew = false);

    /// <summary>One that is checked and durable.</summary>
    private sealed class Waiting(string place, ArrivedPicture file)
    {
        internal string Place => place;

        internal ArrivedPicture File => file;

        /// <summary>The id of one that the member has and that is just the same, or null.</summary>
        internal string? Same { get; set; }

        internal string Id => Same ?? file.Id;
    }
}
