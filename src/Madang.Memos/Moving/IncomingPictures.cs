using Madang.Foundation.Data;
using Madang.Foundation.Files;
using Madang.Foundation.Moving;
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
    private readonly PictureOutcomes outcomes = new();

    /// <summary>Those that wait for their rows, by their ids over there.</summary>
    private readonly Dictionary<string, Waiting> waiting = [];

    /// <summary>Bytes that new ones may still have, those that wait taken off; null until it is known.</summary>
    private long? room;

    /// <summary>The same within the transaction, where no upload comes between.</summary>
    private long? roomWritten;

    internal PictureOutcomes Outcomes => outcomes;

    internal bool AreWaiting => waiting.Count > 0;

    /// <summary>Takes in, checked and durable but without rows, what memos show and was not met before: no more than there is room for.</summary>
    internal async Task Receive(IEnumerable<IncomingMemo> memos, CancellationToken stop)
    {
        room = null;
        await Receive([.. memos.SelectMany(memo => memo.Pictures)], stop);
    }

    /// <summary>Tells what would come of memos' pictures; nothing is kept.</summary>
    internal async Task Try(IEnumerable<IncomingMemo> memos, CancellationToken stop)
    {
        foreach (var memo in memos)
        {
            room ??= await pictures.RoomOf(owner, stop);
            var before = room;
            // One after the other: none lies about longer than it is looked at.
            foreach (var picture in memo.Pictures)
            {
                await Receive([picture], stop);
                foreach (var (id, one) in waiting)
                {
                    outcomes.Write(id, new(one.Place, one.Id, IsNew: one.Same is null));
                }
                Dispose();
            }
            if (!HasRoom(memo))
            {
                var left = LeftOut(memo);
                outcomes.Begin();
                outcomes.LeaveOut(left);
                room = before;
            }
            outcomes.Settle();
        }
    }

    /// <summary>Begins a transaction, perhaps once more.</summary>
    internal void Begin()
    {
        outcomes.Begin();
        roomWritten = null;
    }

    /// <summary>Writes the rows of what a memo shows and waits. A memo that would become too long by it shows what it showed.</summary>
    /// <returns>The memo's text, with the addresses that its pictures have here.</returns>
    internal async Task<string> Write(Sql sql, IncomingMemo memo)
    {
        if (!HasRoom(memo))
        {
            outcomes.LeaveOut(LeftOut(memo));
            return memo.Text;
        }
        foreach (var id in memo.Pictures.Select(picture => picture.Id).Where(waiting.ContainsKey))
        {
            if (outcomes.Find(id) is null)
            {
                outcomes.Write(id, await Write(sql, waiting[id]));
            }
        }
        return Text(memo);
    }

    /// <summary>The transaction is kept: files take their places.</summary>
    internal void Settle()
    {
        var kept = outcomes.NewlyWritten.Select(id => waiting[id].File).ToList();
        // Their rows are there: should one of them not get to its place now, none is thrown away.
        kept.ForEach(file => file.Leave());
        kept.ForEach(file => file.Place());
        outcomes.Settle();
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

    private async Task Receive(List<IncomingPicture> some, CancellationToken stop)
    {
        var unmet = some.Where(picture => outcomes.Find(picture.Id) is null).DistinctBy(picture => picture.Id).ToList();
        if (unmet.Count == 0)
        {
            return;
        }
        room ??= await pictures.RoomOf(owner, stop);
        // Of this very yard: what is still here is shown as it was.
        var asked = unmet.Where(picture => picture.HasRoom).Select(picture => picture.Id);
        var own = await known.Owned(owner, [.. asked], stop);
        foreach (var picture in unmet)
        {
            if (own.Contains(picture.Id))
            {
                outcomes.Settle(picture.Id, new(picture.Place, picture.Id));
            }
            else if (await Receive(picture, stop) is { } reason)
            {
                outcomes.Settle(picture.Id, new(picture.Place, null, reason));
            }
        }
    }

    /// <returns>Why it is refused, or null when it waits.</returns>
    private async Task<string?> Receive(IncomingPicture picture, CancellationToken stop)
    {
        if (!picture.HasRoom)
        {
            return "picture_no_room";
        }
        if (picture.Open is null)
        {
            return "picture_missing";
        }
        try
        {
            await using var content = picture.Open();
            var (arrived, reason) = await pictures.Receive(content, stop);
            return arrived is null ? reason : await Keep(picture, arrived, stop);
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

    /// <summary>Lets one wait that has arrived, when there is room for it beside all others that wait.</summary>
    private async Task<string?> Keep(IncomingPicture picture, ArrivedPicture arrived, CancellationToken stop)
    {
        var one = new Waiting(picture.Place, arrived);
        waiting.Add(picture.Id, one);
        one.Same = await known.FindSame(owner, arrived, stop);
        if (one.Same is not null)
        {
            return null;
        }
        if (arrived.Bytes > room)
        {
            waiting.Remove(picture.Id);
            arrived.Dispose();
            return "picture_quota";
        }
        room -= arrived.Bytes;
        return null;
    }

    private async Task<PictureOutcome> Write(Sql sql, Waiting one)
    {
        if (one.Same is { } same && await KnownPictures.IsThere(sql, owner, same))
        {
            return new(one.Place, same);
        }
        roomWritten ??= await pictures.RoomOf(sql, owner);
        if (one.File.Bytes > roomWritten)
        {
            return new(one.Place, null, "picture_quota");
        }
        roomWritten -= one.File.Bytes;
        var picture = await PictureStore.Insert(sql, owner, one.File);
        return new(one.Place, picture.Id, IsNew: true);
    }

    /// <summary>Whether a memo has room for the addresses of all its pictures: one is longer where the old one's size was another.</summary>
    private bool HasRoom(IncomingMemo memo) => memo.Pictures.Count == 0 || !IncomingMemo.IsTooLong(Text(memo));

    /// <returns>What can't come with a memo that has no room for it; with another it may.</returns>
    private List<ImportRefusal> LeftOut(IncomingMemo memo) =>
        [
            .. memo
                .Pictures.Where(picture => IdOf(picture) is { } id && (id != picture.Id || picture.Title is not null))
                .Select(picture => new ImportRefusal(picture.Place, "picture_no_room")),
        ];

    private string Text(IncomingMemo memo)
    {
        var here = memo.Pictures.Select(one => (One: one, Id: IdOf(one))).Where(pair => pair.Id is not null).ToList();
        var text = PictureAddress.Change(memo.Text, here.ToDictionary(pair => pair.One.Id, pair => pair.Id!));
        var added = here.Where(pair => pair.One.Title is not null)
            .Select(pair => $"![{pair.One.Title}]({PictureAddress.Of(pair.Id!)})")
            .ToList();
        return added.Count == 0 ? text : $"{text.TrimEnd()}\n\n{string.Join('\n', added)}";
    }

    /// <returns>What a picture is called here, or will be; null when it doesn't come.</returns>
    private string? IdOf(IncomingPicture picture) =>
        outcomes.Find(picture.Id) is { } outcome ? outcome.Id : waiting.GetValueOrDefault(picture.Id)?.Id;

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
