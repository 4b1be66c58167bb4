namespace Madang.Library.Covers;

/// <summary>A cover as pages show it.</summary>
/// <param name="Url">Its address, with what tells it from the one before: so it may be kept.</param>
/// <param name="IsBrought">Whether somebody brought it; else it is drawn from the title and the author.</param>
public sealed record Cover(string Url, bool IsBrought);

/// <summary>Every line of SQL about covers.</summary>
public sealed class CoverStore
{
    /// <returns>The addresses of the covers of some books, by the book.</returns>
    internal async Task<IReadOnlyDictionary<long, string>> Of(IReadOnlyList<Book> books, CancellationToken stop)
    {
        await Task.CompletedTask;
        return books.ToDictionary(
            book => book.BookId,
            book => Url(book.BookId, GeneratedCover.Version(book.Title, book.Author))
        );
    }

    internal async Task<Cover> Of(Book book, CancellationToken stop) =>
        new((await Of([book], stop))[book.BookId], false);

    private static string Url(long book, string version) => $"/api/v1/books/{book}/cover?v={version}";
}
