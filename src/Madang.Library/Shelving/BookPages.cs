using System.Text;
using Madang.Foundation.Caching;
using Madang.Foundation.Http;

namespace Madang.Library.Shelving;

/// <summary>
/// The pages of the catalogue, out of the cache. What a page depends on is its address, written in one way whatever the order in which a client
/// names its parameters; anything else that stands in an address is left out.
/// </summary>
public sealed class BookPages(BookLists books, TwoLevelCache cache, ContractJson json)
{
    /// <summary>The tag of every answer that books, their tags or their stock stand in.</summary>
    internal const string Books = "library.books";

    /// <summary>The tag of what depends on which books there are, their titles, authors and tags, but not on their stock: loans leave it alone.</summary>
    internal const string Catalogue = "library.catalogue";

    private static readonly string[] Tags = [Books];

    private static readonly string[] OfCatalogue = [Catalogue];

    /// <param name="url">What the list's own address is, without its query.</param>
    /// <param name="query">Which books.</param>
    /// <param name="page">Which of their pages.</param>
    /// <param name="stop">Ends the waiting.</param>
    internal async ValueTask<Cached<Page<Book>>> Answer(
        string url,
        BookQuery query,
        PageQuery page,
        CancellationToken stop
    )
    {
        var address = AddressOf(url, query, page.Size);
        var key = $"{address}&page={page.Page ?? 1}";
        return new(await cache.Answer(key, Tags, token => Compute(address, query, page, token), stop), key);
    }

    /// <returns>The same books for a page of the shelf.</returns>
    internal async Task<(long Count, List<Book> Books)> OfShelf(
        ShelfQuery query,
        PageQuery page,
        CancellationToken stop
    )
    {
        // To count them takes as long as they are many; those of one page are found at once.
        var count = await cache.GetOrCreateAsync(
            $"library.count?{query.Counted}",
            (Lists: books, query.Filter),
            static async (of, stop) => await of.Lists.Count(of.Filter, stop),
            tags: OfCatalogue,
            cancellationToken: stop
        );
        return (count, page.Offset < count ? await books.Some(query.Filter, page.Offset, page.Size, stop) : []);
    }

    private async ValueTask<byte[]> Compute(string address, BookQuery query, PageQuery page, CancellationToken stop)
    {
        var (count, found) = await books.List(query.Filter, page.Offset, page.Size, stop);
        return json.Bytes(Page<Book>.Of(number => $"{address}&page={number}", page, count, found));
    }

    private static string AddressOf(string url, BookQuery query, int size)
    {
        var address = new StringBuilder(url).Append("?page_size=").Append(size);
        Add("title", query.Title);
        Add("author", query.Author);
        foreach (var tag in query.Filter.Tags)
        {
            address.Append("&tag=").Append(tag);
        }
        Add("tag_option", query.TagOption);
        Add("order_by", query.OrderBy ?? query.OrderField);
        return address.ToString();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                address.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }
    }
}
