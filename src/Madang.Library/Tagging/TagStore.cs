using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Shelving;

namespace Madang.Library.Tagging;

/// <summary>Every line of SQL about tags by themselves.</summary>
public sealed class TagStore(Database db, TwoLevelCache cache)
{
    private const string Columns = "id AS tag_id, name";

    internal Task<(long Count, List<Tag> Tags)> List(long offset, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
                (
                    await sql.Single<long>("SELECT count(*) FROM tags"),
                    await sql.Query<Tag>(
                        $"SELECT {Columns} FROM tags ORDER BY name_key LIMIT @size OFFSET @offset",
                        new { offset, size }
                    )
                ),
            stop
        );

    internal Task<Tag?> Find(long id, CancellationToken stop) => db.Read(sql => Find(sql, id), stop);

    /// <returns>The new tag, or that there is one of this name.</returns>
    internal static async Task<(Tag? Tag, Refused? Refused)> Add(Sql sql, TagInput input)
    {
        var tag = await sql.First<Tag>(
            $"""
            INSERT INTO tags (name, name_key, created_at) VALUES (@Name, @Key, @Now)
            ON CONFLICT DO NOTHING
            RETURNING {Columns}
            """,
            Values(sql, 0, input)
        );
        return tag is null ? (null, Taken) : (tag, null);
    }

    /// <returns>The tag as it is now, or why it isn't renamed.</returns>
    internal Task<(Tag? Tag, Refused? Refused)> Rename(
        long id,
        Precondition ifMatch,
        TagInput input,
        CancellationToken stop
    ) =>
        db.Write<(Tag?, Refused?)>(
            async sql =>
            {
                if (await Refusal(sql, id, ifMatch) is { } refused)
                {
                    return (null, refused);
                }
                var tag = await sql.First<Tag>(
                    $"""
                    UPDATE tags SET name = @Name, name_key = @Key
                    WHERE id = @id AND NOT EXISTS (SELECT 1 FROM tags WHERE name_key = @Key AND id <> @id)
                    RETURNING {Columns}
                    """,
                    Values(sql, id, input)
                );
                if (tag is null)
                {
                    return (null, Taken);
                }
                await cache.Touch(sql, BookPages.Books);
                return (tag, null);
            },
            stop
        );

    /// <returns>Null when it is deleted, from all books too; else why not.</returns>
    internal Task<Refused?> Delete(long id, Precondition ifMatch, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var refused = await Refusal(sql, id, ifMatch);
                if (refused is null)
                {
                    await sql.Execute("DELETE FROM tags WHERE id = @id", new { id });
                    await cache.Touch(sql, BookPages.Books);
                }
                return refused;
            },
            stop
        );

    private static Refused Taken => new(409, "library.tag_taken", LibraryWords.Say);

    private static Task<Tag?> Find(Sql sql, long id) =>
        sql.First<Tag>($"SELECT {Columns} FROM tags WHERE id = @id", new { id });

    private static async Task<Refused?> Refusal(Sql sql, long id, Precondition ifMatch) =>
        await Find(sql, id) is not { } tag ? new Refused(404)
        : ifMatch.Allows(tag) ? null
        : new Refused(412);

    private static object Values(Sql sql, long id, TagInput input)
    {
        var name = Fold.Clean(input.Name!).Trim();
        return new
        {
            id,
            Name = name,
            Key = Fold.Key(name),
            sql.Now,
        };
    }
}
