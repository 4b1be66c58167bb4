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
        var (arrived, reason) = await Receive(body, stop);
        if (arrived is null)
        {
            return (null, Refusal(reason!));
        }
        using (arrived)
        {
            var kept = await arrived.Until(
                db.Write(
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
                )
            );
            if (kept.Picture is not null)
            {
                arrived.Place();
            }
            return kept;
        }
    }

    /// <summary>Takes a picture in: checked, without what doesn't belong to it, and durable, but without a row yet.</summary>
    /// <returns>The picture, or why it isn't taken, as <see cref="Refusal(string)"/> and the API of imports name it.</returns>
    internal async Task<(ArrivedPicture? Arrived, string? Reason)> Receive(Stream body, CancellationToken stop)
    {
        var (arrived, fault) = await ArrivedPicture.Receive(files, Room, body, PictureFile.MostBytes, stop);
        return (arrived, arrived is null ? NameOf(fault) : null);
    }

    /// <summary>Writes the row of a picture that has arrived, when there is room for it; it must begin its write.</summary>
    internal async Task<(Picture? Picture, Refused? Refused)> Add(Sql sql, long owner, ArrivedPicture arrived)
    {
        await sql.MustStandAlone(owner);
        if (arrived.Bytes > await RoomOf(sql, owner))
        {
            return (null, Refusal("picture_quota"));
        }
        return (await Insert(sql, owner, arrived), null);
    }

    /// <summary>Writes the row of a picture for which there is room, as who began this write has found out.</summary>
    internal static Task<Picture> Insert(Sql sql, long owner, ArrivedPicture arrived) =>
        sql.Single<Picture>(
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

    /// <returns>How many bytes of pictures a member may still bring.</returns>
    internal Task<long> RoomOf(long owner, CancellationToken stop) => db.Read(sql => RoomOf(sql, owner), stop);

    /// <returns>The picture's file, or null when it is not there: then the folder is not whole.</returns>
    internal FileStream? Open(Picture picture) => files.Open(Room, PictureAddress.NameOf(picture.Id));

    /// <summary>As <see cref="RoomOf(long, CancellationToken)"/>; in a write that stands alone it holds until that ends.</summary>
    internal async Task<long> RoomOf(Sql sql, long owner) =>
        settings.Value.PictureQuota
        - await sql.Single<long>(
            "SELECT CAST(COALESCE(SUM(bytes), 0) AS bigint) FROM memo_pictures WHERE owner_id = @owner AND removed_at IS NULL",
            new { owner }
        );

    private static string NameOf(PictureFault fault) =>
        fault switch
        {
            PictureFault.NotAPicture => "picture_unknown",
            PictureFault.TooLarge => "picture_too_large",
            PictureFault.TooManyPixels => "picture_too_many_pixels",
            _ => "picture_broken",
        };

    /// <returns>The answer to who brought a picture that isn't taken.</returns>
    internal static Refused Refusal(string reason) =>
        reason switch
        {
            "picture_too_large" => Refusal(StatusCodes.Status413PayloadTooLarge, "memos.picture_too_large"),
            "picture_unknown" => Refusal(StatusCodes.Status415UnsupportedMediaType, "memos.picture_unknown"),
            "picture_too_many_pixels" => Refusal(StatusCodes.Status400BadRequest, "memos.picture_too_many_pixels"),
            "picture_quota" => Refusal(StatusCodes.Status409Conflict, "memos.picture_quota"),
            _ => Refusal(StatusCodes.Status400BadRequest, "memos.picture_broken"),
        };

    private static Refused Refusal(int status, string word) => new(status, word, MemosWords.Say);
}
