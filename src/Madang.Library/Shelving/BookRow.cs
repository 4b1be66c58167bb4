using Madang.Foundation.Data;

namespace Madang.Library.Shelving;

/// <summary>A book as the database has it, without its tags.</summary>
internal sealed record BookRow
{
    internal const string Columns =
        "books.id, books.title, books.author, books.publisher, books.isbn, books.stock, books.published_at, books.created_at, books.updated_at";

    public required long Id { get; init; }
    public required string Title { get; init; }
    public required string Author { get; init; }
    public string? Publisher { get; init; }
    public required string Isbn { get; init; }
    public required long Stock { get; init; }
    public DateTimeOffset? PublishedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Made of a row of <see cref="Columns"/>.</summary>
    internal static BookRow Of(Row row) =>
        new()
        {
            Id = row.Number(0),
            Title = row.Text(1),
            Author = row.Text(2),
            Publisher = row.TextOrNull(3),
            Isbn = row.Text(4),
            Stock = row.Number(5),
            PublishedAt = row.TimeOrNull(6),
            CreatedAt = row.Time(7),
            UpdatedAt = row.Time(8),
        };

    internal Book With(IReadOnlyList<Tag> tags) =>
        new()
        {
            BookId = Id,
            Title = Title,
            Author = Author,
            Publisher = Publisher,
            Isbn = Isbn,
            Stock = Stock,
            PublishedAt = PublishedAt,
            Tags = tags,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
        };

    /// <summary>What it is found by.</summary>
    internal object Values(Sql sql) =>
        new
        {
            Id,
            Title,
            Author,
            Publisher,
            Isbn,
            IsbnKey = Library.Isbn.Key(Isbn),
            TitleKey = Fold.Key(Title),
            AuthorKey = Fold.Key(Author),
            TitleInitials = Initials.OfText(Fold.Key(Title)),
            AuthorInitials = Initials.OfText(Fold.Key(Author)),
            Stock,
            PublishedAt,
            sql.Now,
        };
}
