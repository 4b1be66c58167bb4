using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Http;
using Madang.Library;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>A page of books that write themselves is, byte for byte, what the serialiser makes of it.</summary>
public sealed class BooksOnTheWire(SqliteYard yard) : IClassFixture<SqliteYard>
{
    [Fact]
    public void A_page_is_what_the_serialiser_would_write()
    {
        var json = yard.Get<ContractJson>();
        var times = Gen.Choose(0, int.MaxValue)
            .Select(seconds => DateTimeOffset.UnixEpoch.AddSeconds(seconds).AddMicroseconds(seconds % 3 * 1234));
        var texts = Gen.Elements("토지", "a \"b\" \\ \n\u0001<&>+'", "😀 𠮷 \u2028", "");
        var books =
            from id in Gen.Choose(1, int.MaxValue)
            from title in texts
            from author in texts
            from publisher in Gen.OneOf(texts.Select(text => (string?)text), Gen.Constant((string?)null))
            from published in Gen.OneOf(
                times.Select(time => (DateTimeOffset?)time),
                Gen.Constant((DateTimeOffset?)null)
            )
            from tags in texts.Select(name => new Tag(name.Length, name)).ListOf()
            from created in times
            from updated in times
            select new Book
            {
                BookId = id,
                Title = title,
                Author = author,
                Publisher = publisher,
                Isbn = "9788937460449",
                Stock = id / 2,
                PublishedAt = published,
                Tags = tags,
                CreatedAt = created,
                UpdatedAt = updated,
            };
        var pages =
            from results in books.ListOf()
            from count in Gen.Choose(0, int.MaxValue)
            from next in Gen.Elements<string?>(null, "https://예.example/api/v1/books?page=2&a=b")
            from previous in Gen.Elements<string?>(null, "https://a.example/?\"<")
            select new Page<Book>(count, next, previous, results);

        Prop.ForAll(
                pages.ToArbitrary(),
                page =>
                    Assert.Equal(
                        JsonSerializer.SerializeToUtf8Bytes(page, json.TypeInfo<Page<Book>>()),
                        json.Bytes(page)
                    )
            )
            .QuickCheckThrowOnFailure();
    }
}
