using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Files;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Memos.Pictures;

/// <summary>Keeping and finding pictures: their rows, and their files by <see cref="FileStore"/>.</summary>
public sealed class PictureStore(Database db, FileStore files, IOptions<PictureSettings> settings)
{
    /// <summary>The folder of these files under <c>uploads/</c>.</summary>
    internal const string Room = "memos";

    internal const string Columns = "id, media_type, width, height, bytes, created_at";

    /// <summary>Checks a picture and keeps it.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="body">The picture as it came; more than <see cref="PictureFile.MostBytes"/> of it is not read.</param>
    /// <param name="stop">Ends it while the body is read, and while the write waits for its turn.</param>
    /// <returns>The picture, or why it isn't kept.</returns>
    internal async Task<(Picture? Picture, Refused? Refused)> Keep(long owner, Stream body, CancellationToken stop)
    {
        var (arrived, refused) = await Receive(body, stop);
        if (arrived is null)
        {
            return (null, refused);
        }
        using (arrived)
        {
            var kept = await db.Write(
                async sql =>
                {
                    var outcome = await Add(sql, owner, arrived);
                    if (outcome.Picture is null)
                    {
                        sql.RollBack();
                    }
                    return outcome;
                },
                stop
            );
            if (kept.Picture is not null)
            {
                arrived.Place();
            }
            return kept;
        }
    }

    /// <summary>Takes a picture in: checked, without what doesn't belong to it, and durable, but without a row yet.</summary>
    internal async Task<(ArrivedPicture? Arrived, Refused? Refused)> Receive(Stream body, CancellationToken stop)
    {
        await using var scratch = files.Scratch();
        if (!await CopyUpToLimit(body, scratch, stop))
        {
            return (null, Refusal(StatusCodes.Status413PayloadTooLarge, "memos.picture_too_large"));
        }
        scratch.Position = 0;
        var name = FileStore.NewName();
        PictureFacts? facts;
        PictureFault fault;
        long bytes;
        var isKept = false;
        try
        {
            using (var file = files.Begin(Room, name))
            {
                (facts, fault) = PictureFile.Clean(scratch, file);
                bytes = file.Length;
                if (facts is not null)
                {
                    files.Settle(file);
                    isKept = true;
                }
            }
        }
        finally
        {
            if (!isKept)
            {
                files.Discard(Room, name);
            }
        }
        return facts is null ? (null, Refusal(fault)) : (new ArrivedPicture(files, name, facts, bytes), null);
    }

    /// <summary>Writes the row of a picture that has arrived, when there is room for it; it must begin its write.</summary>
    internal async Task<(Picture? Picture, Refused? Refused)> Add(Sql sql, long owner, ArrivedPicture arrived)
    {
        await sql.MustStandAlone(owner);
        var used = await sql.Single<long>(
            "SELECT CAST(COALESCE(SUM(bytes), 0) AS bigint) FROM memo_pictures WHERE owner_id = @owner AND removed_at IS NULL",
            new { owner }
        );
        if (used + arrived.Bytes > settings.Value.PictureQuota)
        {
            return (null, Refusal(StatusCodes.Status409Conflict, "memos.picture_quota"));
        }
        var picture = await sql.Single<Picture>(
            $"""
            INSERT INTO memo_pictures (id, owner_id, media_type, width, height, bytes, created_at)
            VALUES (@Id, @owner, @MediaType, @Width, @Height, @Bytes, @Now)
            RETURNING {Columns}
            """,
            new
            {
                arrived.Id,
                owner,
                arrived.Facts.MediaType,
                arrived.Facts.Width,
                arrived.Facts.Height,
                arrived.Bytes,
                sql.Now,
            }
        );
        return (picture, null);
    }

    /// <returns>The picture, when it is the reader's own or stands in a team memo that he may read.</returns>
    internal Task<Picture?> Find(string id, long reader, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.First<Picture>(
                    $"""
                    SELECT {Columns} FROM memo_pictures
                    WHERE id = @id AND removed_at IS NULL AND (
                        owner_id = @reader
                        OR EXISTS (
                            SELECT 1 FROM memo_picture_uses
                            JOIN memos ON memos.id = memo_id
                            WHERE picture_id = memo_pictures.id AND is_current
                            AND visibility = 'team' AND deleted_at IS NULL
                        )
                    )
                    """,
                    new { id, reader }
                ),
            stop
        );

    /// <returns>All pictures of a member, oldest first.</returns>
    internal Task<List<Picture>> AllOf(long owner, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<Picture>(
                    $"""
                    SELECT {Columns} FROM memo_pictures
                    WHERE owner_id = @owner AND removed_at IS NULL
                    ORDER BY created_at, id
                    """,
                    new { owner }
                ),
            stop
        );

    /// <returns>The picture's file, or null when it is not there: then the folder is not whole.</returns>
    internal FileStream? Open(Picture picture) => files.Open(Room, ArrivedPicture.NameOf(picture.Id));

    private static async Task<bool> CopyUpToLimit(Stream body, Stream to, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, stop)) > 0; )
        {
            if (to.Length + read > PictureFile.MostBytes)
            {
                return false;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), stop);
        }
        await to.FlushAsync(stop);
        return true;
    }

    private static Refused Refusal(PictureFault fault) =>
        fault switch
        {
            PictureFault.NotAPicture => Refusal(StatusCodes.Status415UnsupportedMediaType, "memos.picture_unknown"),
            PictureFault.TooManyPixels => Refusal(StatusCodes.Status400BadRequest, "memos.picture_too_many_pixels"),
            _ => Refusal(StatusCodes.Status400BadRequest, "memos.picture_broken"),
        };

    private static Refused Refusal(int status, string word) => new(status, word, MemosWords.Say);
}

/// <summary>A picture that is checked and durable, and waits for its row. Disposed without being placed it is thrown away.</summary>
/// <param name="files">Where it is.</param>
/// <param name="name">The name of its file.</param>
/// <param name="facts">What it is.</param>
/// <param name="bytes">Bytes of the file.</param>
internal sealed class ArrivedPicture(FileStore files, string name, PictureFacts facts, long bytes) : IDisposable
{
    private bool isPlaced;

    internal string Id { get; } = $"{name}-{facts.Width}x{facts.Height}";

    internal PictureFacts Facts => facts;

    internal long Bytes => bytes;

    /// <summary>The name of a picture's file: the part of its id that nobody can guess.</summary>
    internal static string NameOf(string id) => id[..id.IndexOf('-', StringComparison.Ordinal)];

    /// <summary>Puts the file where it stays; its row is written.</summary>
    internal void Place()
    {
        isPlaced = true;
        files.Place(PictureStore.Room, name);
    }

    public void Dispose()
    {
        if (!isPlaced)
        {
            files.Discard(PictureStore.Room, name);
        }
    }
}
