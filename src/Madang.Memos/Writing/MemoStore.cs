using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Http;
using Madang.Memos.Pictures;

namespace Madang.Memos.Writing;

/// <summary>Every line of SQL that changes memos.</summary>
public sealed class MemoStore(Database db)
{
    internal const string Columns =
        "id, text, visibility, pinned_at, archived_at, created_at, updated_at, owner_id AS author_id";

    /// <summary>The memo of a row of <see cref="Columns"/>.</summary>
    internal static Memo Of(Row row) =>
        new()
        {
            Id = row.Number(0),
            Text = row.Text(1),
            Visibility = row.Text(2),
            PinnedAt = row.TimeOrNull(3),
            ArchivedAt = row.TimeOrNull(4),
            CreatedAt = row.Time(5),
            UpdatedAt = row.Time(6),
            AuthorId = row.Number(7),
        };

    /// <summary>Writes a memo, its tags and, for the team, its place in search and the word that it is there.</summary>
    internal static async Task<Memo> Add(Sql sql, long owner, MemoInput input)
    {
        await sql.MustStand(owner);
        var text = Tidy(input.Text!);
        var memo = await sql.Single<Memo>(
            $"""
            INSERT INTO memos (owner_id, text, text_key, visibility, pinned_at, created_at, updated_at)
            VALUES (@owner, @text, @Key, @Visibility, @Pinned, @Now, @Now)
            RETURNING {Columns}
            """,
            new
            {
                owner,
                text,
                Key = Fold.Key(text),
                Visibility = input.Visibility ?? Visibility.Private,
                Pinned = input.Pinned == true ? sql.Now : (DateTimeOffset?)null,
                sql.Now,
            }
        );
        await MemoIndex.AddTags(sql, memo);
        await PictureUses.Set(sql, memo, null);
        if (memo.Visibility == Visibility.Team)
        {
            await MemoIndex.AddGrams(sql, memo);
            await sql.Append(new MemoShared(memo.Id, owner), owner);
        }
        return memo;
    }

    internal Task<Memo> Write(long owner, MemoInput input, CancellationToken stop) =>
        db.Write(sql => Add(sql, owner, input), stop);

    /// <returns>The memo as it is now, or why it isn't changed.</returns>
    internal Task<(MemoChange Outcome, Memo? Memo)> Change(
        long id,
        long owner,
        Precondition ifMatch,
        MemoChangeInput input,
        CancellationToken stop
    ) =>
        Update(
            id,
            owner,
            ifMatch,
            (memo, now) =>
                memo with
                {
                    Text = input.Text.IsGiven ? Tidy(input.Text.Value!) : memo.Text,
                    Visibility = input.Visibility.Or(memo.Visibility),
                    PinnedAt = Since(input.Pinned, memo.PinnedAt, now),
                    ArchivedAt = Since(input.Archived, memo.ArchivedAt, now),
                },
            stop
        );

    /// <summary>Moves a memo to the trash, where it stays 30 days.</summary>
    internal Task<MemoChange> Delete(long id, long owner, Precondition ifMatch, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var (refusal, _) = await FindForChange(sql, id, owner, ifMatch);
                if (refusal is not null)
                {
                    return refusal.Value;
                }
                await sql.Execute("UPDATE memos SET deleted_at = @Now WHERE id = @id", new { id, sql.Now });
                return MemoChange.Done;
            },
            stop
        );

    /// <returns>The memo, or null when the trash holds no such memo of this owner.</returns>
    internal Task<Memo?> Restore(long id, long owner, CancellationToken stop) =>
        db.Write(
            sql =>
                sql.First<Memo>(
                    $"""
                    UPDATE memos SET deleted_at = NULL
                    WHERE id = @id AND owner_id = @owner AND deleted_at IS NOT NULL
                    RETURNING {Columns}
                    """,
                    new { id, owner }
                ),
            stop
        );

    /// <summary>Changes a memo in one write.</summary>
    /// <param name="id">The memo.</param>
    /// <param name="owner">Who changes it.</param>
    /// <param name="ifMatch">The client's condition.</param>
    /// <param name="change">What it becomes; null when it is not as it was thought to be.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    /// <param name="isKept">Whether its text so far goes into its history.</param>
    internal Task<(MemoChange Outcome, Memo? Memo)> Update(
        long id,
        long owner,
        Precondition ifMatch,
        Func<Memo, DateTimeOffset, Memo?> change,
        CancellationToken stop,
        bool isKept = true
    ) =>
        db.Write<(MemoChange, Memo?)>(
            async sql =>
            {
                var (refusal, memo) = await FindForChange(sql, id, owner, ifMatch);
                if (refusal is not null)
                {
                    return (refusal.Value, null);
                }
                var before = memo!;
                if (change(before, sql.Now) is not { } after)
                {
                    return (MemoChange.Stale, null);
                }
                var isRewritten = after.Text != before.Text;
                if (isRewritten || after.Visibility != before.Visibility)
                {
                    after = after with { UpdatedAt = sql.Now };
                }
                await sql.Execute(
                    """
                    UPDATE memos SET
                        text = @Text, text_key = @Key, visibility = @Visibility,
                        pinned_at = @PinnedAt, archived_at = @ArchivedAt, updated_at = @UpdatedAt
                    WHERE id = @Id
                    """,
                    new
                    {
                        after.Id,
                        after.Text,
                        Key = Fold.Key(after.Text),
                        after.Visibility,
                        after.PinnedAt,
                        after.ArchivedAt,
                        after.UpdatedAt,
                    }
                );
                if (isRewritten && isKept)
                {
                    await MemoHistory.Keep(sql, before);
                }
                await MemoIndex.Change(sql, before, after);
                if (after.Visibility == Visibility.Team && before.Visibility != Visibility.Team)
                {
                    await sql.Append(new MemoShared(id, owner), owner);
                }
                return (MemoChange.Done, after);
            },
            stop
        );

    private static async Task<(MemoChange?, Memo?)> FindForChange(Sql sql, long id, long owner, Precondition ifMatch)
    {
        var memo = await sql.First<Memo>(
            $"""
            SELECT {Columns} FROM memos
            WHERE id = @id AND deleted_at IS NULL AND (owner_id = @owner OR visibility = 'team')
            {sql.For("", "FOR UPDATE")}
            """,
            new { id, owner }
        );
        if (memo is null)
        {
            return (MemoChange.Missing, null);
        }
        if (memo.AuthorId != owner)
        {
            return (MemoChange.NotYours, null);
        }
        return ifMatch.Allows(memo) ? (null, memo) : (MemoChange.Stale, null);
    }

    private static string Tidy(string text) => Fold.Clean(text).ReplaceLineEndings("\n");

    private static DateTimeOffset? Since(Given<bool?> given, DateTimeOffset? since, DateTimeOffset now)
    {
        if (!given.IsGiven)
        {
            return since;
        }
        return given.Value == true ? since ?? now : null;
    }
}

/// <summary>What became of a change.</summary>
internal enum MemoChange
{
    /// <summary>It is written.</summary>
    Done,

    /// <summary>There is no such memo, or it is another's private one.</summary>
    Missing,

    /// <summary>A team memo of somebody else: everybody may read it, its author alone changes it.</summary>
    NotYours,

    /// <summary>It has changed since the client read it.</summary>
    Stale,
}
