using Madang.Foundation.Caching;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Library.Covers;
using Madang.Library.Lending;
using Madang.Library.Tagging;
using Microsoft.Extensions.Options;

namespace Madang.Library.Shelving;

/// <summary>Every line of SQL that changes books.</summary>
public sealed class BookStore(Database db, TwoLevelCache cache, IOptions<LibrarySettings> settings)
{
    /// <summary>Adds a book with tags by their names; those that there aren't are made.</summary>
    /// <returns>The book, or why it isn't added.</returns>
    internal Task<(Book? Book, Refused? Refused)> Add(
        BookInput input,
        IReadOnlyList<string> tags,
        long actor,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                // Before the tags, as imports do.
                await IsbnTurn.AmongOthers(sql);
                var outcome = await Add(sql, input with { Tags = await TagStore.IdsOf(sql, tags) }, actor);
                if (outcome.Book is null)
                {
                    sql.RollBack();
                }
                return outcome;
            },
            stop
        );

    /// <summary>Adds a book.</summary>
    /// <returns>The book, or why it isn't added.</returns>
    internal async Task<(Book? Book, Refused? Refused)> Add(Sql sql, BookInput input, long actor)
    {
        var book = new BookRow
        {
            Id = 0,
            Title = Tidy(input.Title!),
            Author = Tidy(input.Author!),
            Publisher = TidyOrNull(input.Publisher),
            Isbn = Library.Isbn.Plain(input.Isbn)!,
            Stock = input.Stock!.Value,
            PublishedAt = input.PublishedAt,
            CreatedAt = sql.Now,
            UpdatedAt = sql.Now,
        };
        await IsbnTurn.AmongOthers(sql);
        var id = await sql.First<long?>(
            """
            INSERT INTO books (
                title, author, publisher, isbn, isbn_key, title_key, author_key, title_initials, author_initials, stock, published_at,
                created_at, updated_at
            )
            VALUES (
                @Title, @Author, @Publisher, @Isbn, @IsbnKey, @TitleKey, @AuthorKey, @TitleInitials, @AuthorInitials, @Stock, @PublishedAt,
                @Now, @Now
            )
            ON CONFLICT DO NOTHING
            RETURNING id
            """,
            book.Values(sql)
        );
        if (id is null)
        {
            return (null, Taken);
        }
        book = book with { Id = id.Value };
        if (!await BookTags.Set(sql, id.Value, input.Tags!))
        {
            return (null, UnknownTag);
        }
        await BookIndex.Add(sql, book);
        await Ledger.Write(sql, id.Value, book.Stock, Ledger.Counted, actor, null);
        var added = await BookLists.Find(sql, id.Value);
        await cache.Touch(sql, BookPages.Books, BookPages.Catalogue);
        return (added, null);
    }

    /// <summary>Changes a book's entry.</summary>
    /// <param name="id">Which.</param>
    /// <param name="ifMatch">How it must stand.</param>
    /// <param name="input">The change.</param>
    /// <param name="actor">Who makes it.</param>
    /// <param name="stop">Ends the waiting for the turn.</param>
    /// <param name="tags">The tags by their names, in the place of the change's; those that there aren't are made.</param>
    /// <param name="stockShown">
    /// The stock that a form showed and its reader left as it was: what was lent and brought back meanwhile makes no other book.
    /// </param>
    /// <returns>The book as it is now, or why it isn't changed.</returns>
    internal Task<(Book? Book, Refused? Refused)> Change(
        long id,
        Precondition ifMatch,
        BookChangeInput input,
        long actor,
        CancellationToken stop,
        IReadOnlyList<string>? tags = null,
        long? stockShown = null
    ) =>
        db.Write<(Book?, Refused?)>(
            async sql =>
            {
                var (before, refused) = await FindForChange(sql, id, ifMatch, stockShown);
                if (before is null)
                {
                    return (null, refused);
                }
                (var book, refused) = await Change(sql, before, input, tags, actor);
                if (refused is not null)
                {
                    sql.RollBack();
                }
                else
                {
                    await cache.Touch(sql, BookPages.Books);
                    if (
                        (before.Title, before.Author) != (book!.Title, book.Author)
                        || input.Tags.IsGiven
                        || tags is not null
                    )
                    {
                        await cache.Touch(sql, BookPages.Catalogue);
                    }
                }
                return (book, refused);
            },
            stop
        );

    /// <returns>Null when it is deleted, else why not. Its loans stay in their borrowers' history.</returns>
    internal Task<Refused?> Delete(long id, Precondition ifMatch, CancellationToken stop) =>
        db.Write(
            async sql =>
            {
                var (book, refused) = await FindForChange(sql, id, ifMatch);
                if (book is null)
                {
                    return refused;
                }
                var isOut = await sql.First<long?>(
                    "SELECT id FROM loans WHERE book_id = @id AND returned_at IS NULL LIMIT 1",
                    new { id }
                );
                if (isOut is not null)
                {
                    return new Refused(409, "library.on_loan", LibraryWords.Say);
                }
                await HoldQueue.EndAll(sql, id);
                await sql.Execute("DELETE FROM book_tags WHERE book_id = @id", new { id });
                await BookIndex.Remove(sql, book);
                await CoverStore.RemoveOf(sql, id);
                await sql.Execute("UPDATE books SET deleted_at = @Now WHERE id = @id", new { id, sql.Now });
                await cache.Touch(sql, BookPages.Books, BookPages.Catalogue);
                return null;
            },
            stop
        );

    private static Refused Taken => new(409, "library.isbn_taken", LibraryWords.Say);

    private static Refused UnknownTag => LibraryWords.Wrong("tags", "library.unknown_tag");

    private async Task<(Book?, Refused?)> Change(
        Sql sql,
        BookRow before,
        BookChangeInput input,
        IReadOnlyList<string>? tags,
        long actor
    )
    {
        var after = before with
        {
            Title = Tidy(input.Title.Or(before.Title)),
            Author = Tidy(input.Author.Or(before.Author)),
            Publisher = TidyOrNull(input.Publisher.Or(before.Publisher)),
            Isbn = Library.Isbn.Plain(input.Isbn.Or(before.Isbn))!,
            Stock = input.Stock.Or(before.Stock)!.Value,
            PublishedAt = input.PublishedAt.Or(before.PublishedAt),
        };
        if (!await IsbnTurn.CanTake(sql, before, after))
        {
            return (null, Taken);
        }
        await sql.Execute(
            """
            UPDATE books SET
                title = @Title, author = @Author, publisher = @Publisher, isbn = @Isbn, isbn_key = @IsbnKey, title_key = @TitleKey,
                author_key = @AuthorKey, title_initials = @TitleInitials, author_initials = @AuthorInitials, stock = @Stock,
                published_at = @PublishedAt, updated_at = @Now
            WHERE id = @Id
            """,
            after.Values(sql)
        );
        if (after.Stock != before.Stock)
        {
            await Ledger.Write(sql, after.Id, after.Stock - before.Stock, Ledger.Counted, actor, null);
            await HoldQueue.Serve(sql, after.Id, settings.Value);
        }
        if ((before.Title, before.Author) != (after.Title, after.Author))
        {
            await BookIndex.Remove(sql, before);
            await BookIndex.Add(sql, after);
        }
        if (input.Tags.IsGiven || tags is not null)
        {
            var given = tags is null ? input.Tags.Value! : await TagStore.IdsOf(sql, tags);
            await sql.Execute("DELETE FROM book_tags WHERE book_id = @Id", new { after.Id });
            if (!await BookTags.Set(sql, after.Id, given))
            {
                return (null, UnknownTag);
            }
        }
        return (await BookLists.Find(sql, after.Id), null);
    }

    private static async Task<(BookRow?, Refused?)> FindForChange(
        Sql sql,
        long id,
        Precondition ifMatch,
        long? stockShown = null
    )
    {
        var book = await sql.First<BookRow>(
            $"""
            SELECT {BookRow.Columns} FROM books
            WHERE id = @id AND deleted_at IS NULL
            {sql.For("", "FOR UPDATE")}
            """,
            new { id }
        );
        if (book is null || ifMatch == Precondition.None)
        {
            return book is null ? (null, new Refused(404)) : (book, null);
        }
        var current = (await BookLists.Find(sql, id))!;
        return ifMatch.Allows(current with { Stock = stockShown ?? current.Stock })
            ? (book, null)
            : (null, new Refused(412));
    }

    private static string Tidy(string text) => Fold.Clean(text).Trim();

    private static string? TidyOrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : Tidy(text);
}
