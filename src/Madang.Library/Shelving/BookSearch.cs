using Madang.Foundation.Going;

namespace Madang.Library.Shelving;

/// <summary>Books in the search over all rooms, by their titles and authors.</summary>
internal sealed class BookSearch(BookLists books) : ISearchSource
{
    public async Task<IReadOnlyList<FoundThing>> Search(string sought, long reader, int most, CancellationToken stop)
    {
        var found = await books.Some(BookFilter.All with { Either = Sought.Of(sought) }, 0, most, stop);
        return found.ConvertAll(book => new FoundThing(
            $"/library/books/{book.BookId}",
            $"{BookLook.Cut(book.Title)} · {BookLook.Cut(book.Author)}",
            LibraryWords.Say["library.book.one"],
            "book"
        ));
    }
}
