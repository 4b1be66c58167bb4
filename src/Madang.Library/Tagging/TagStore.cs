using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Shelving;

namespace Madang.Library.Tagging;

/// <summary>Every line of SQL about tags by themselves.</summary>
public sealed class TagStore(Database db, TwoLevelCache cache)
{
    private const string Columns = "id AS tag_id, name";
    private const int MostShown = 40;

    /// <summary>The lock of <see cref="WaitForNames"/>; any number that no other lock of a transaction has.</summary>
    private const int Names = 7_204_119;

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

    /// <returns>How many tags there are, and those of one page by name, each with how many books it has.</returns>
    internal Task<(long Count, List<CountedTag> Tags)> Counted(long offset, int size, CancellationToken stop) =>
        db.Read(
            async sql =>
                (
                    await sql.Single<long>("SELECT count(*) FROM tags"),
                    await sql.Query<CountedTag>(
                        $"""
                        SELECT {Columns}, (SELECT count(*) FROM book_tags WHERE tag_id = tags.id) AS books FROM tags
                        ORDER BY name_key
                        LIMIT @size OFFSET @offset
                        """,
                        new { offset, size }
                    )
                ),
            stop
        );

    /// <returns>Those of these tags that there are, by name.</returns>
    internal Task<List<Tag>> Named(long[] ids, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<Tag>(
                    $"SELECT {Columns} FROM tags WHERE {sql.In("id", "@ids")} ORDER BY name_key",
                    new { ids }
                ),
            stop
        );

    /// <returns>The tags with the most books, out of the cache: to count them all takes as long as there are books.</returns>
    internal async Task<IReadOnlyList<CountedTag>> MostUsed(CancellationToken stop) =>
        await cache.GetOrCreateAsync(
            "library.tags.most_used",
            db,
            static async (db, stop) => await db.Read(Count, stop),
            tags: [BookPages.Catalogue],
            cancellationToken: stop
        );

    private static Task<List<CountedTag>> Count(Sql sql) =>
        sql.Query<CountedTag>(
            """
            SELECT tag_id, name, books FROM (SELECT tag_id, count(*) AS books FROM book_tags GROUP BY tag_id) AS used
            JOIN tags ON tags.id = used.tag_id
            ORDER BY books DESC, name_key
            LIMIT @MostShown
            """,
            new { MostShown }
        );

    internal Task<Tag?> Find(long id, CancellationToken stop) => db.Read(sql => Find(sql, id), stop);

    /// <returns>The new tag, or that there is one of this name.</returns>
    internal static async Task<(Tag? Tag, Refused? Refused)> Add(Sql sql, TagInput input)
    {
        await WaitForNames(sql, isAlone: false);
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

    /// <summary>Finds tags by their names, and makes those that there aren't.</summary>
    /// <returns>Their ids, each once, in their order.</returns>
    internal static async Task<IReadOnlyList<TagId>> IdsOf(Sql sql, IReadOnlyList<string> names)
    {
        await WaitForNames(sql, isAlone: false);
        var ids = new Dictionary<string, long>();
        // In one order for everybody: two who make the same tags would wait for each other otherwise.
        foreach (var name in names.OrderBy(Fold.Key, StringComparer.Ordinal))
        {
            var values = Values(sql, 0, new TagInput { Name = name });
            long? id;
            do
            {
                await sql.Execute(
                    "INSERT INTO tags (name, name_key, created_at) VALUES (@Name, @Key, @Now) ON CONFLICT DO NOTHING",
                    values
                );
                // One that was there may be deleted by somebody else between the two.
                id = await sql.First<long?>("SELECT id FROM tags WHERE name_key = @Key", values);
            } while (id is null);
            ids[name] = id.Value;
        }
        return [.. names.Select(name => ids[name]).Distinct().Select(id => new TagId(id))];
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
                await WaitForNames(sql, isAlone: true);
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
                await cache.Touch(sql, BookPages.Books, BookPages.Catalogue);
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
                    await cache.Touch(sql, BookPages.Books, BookPages.Catalogue);
                }
                return refused;
            },
            stop
        );

    private static Refused Taken => new(409, "library.tag_taken", LibraryWords.Say);

    private static Task<Tag?> Find(Sql sql, long id) =>
        sql.First<Tag>($"SELECT {Columns} FROM tags WHERE id = @id", new { id });

    private static async Task<Refused?> Refusal(Sql sql, long id, Precondition ifMatch) =>
        await sql.First<Tag>(
            $"""
            SELECT {Columns} FROM tags WHERE id = @id {sql.For("", "FOR UPDATE")}
            """,
            new { id }
        )
            is not { } tag
            ? new Refused(404)
        : ifMatch.Allows(tag) ? null
        : new Refused(412);

    /// <summary>
    /// The index would fail the write of whoever gives a tag a name that somebody else is just giving: making tags, which leaves out what is
    /// there, goes on side by side, and a rename waits until nobody makes any.
    /// </summary>
    private static Task<int> WaitForNames(Sql sql, bool isAlone) =>
        sql.Dialect == Dialect.Postgres
            ? sql.Execute(
                $"SELECT {(isAlone ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared")}(@Names)",
                new { Names }
            )
            : Task.FromResult(0);

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

/// <summary>A tag with how many books it has.</summary>
public sealed record CountedTag
{
    /// <summary>The id.</summary>
    public required long TagId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many books.</summary>
    public required long Books { get; init; }
}
