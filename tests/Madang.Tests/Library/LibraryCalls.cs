using System.Globalization;
using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>The calls that the tests of the library make again and again.</summary>
internal static class LibraryCalls
{
    private static int numbers = Random.Shared.Next(100_000);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <returns>An ISBN-13 that no other book of this run has.</returns>
    internal static string NewIsbn() => IsbnOf(Interlocked.Increment(ref numbers));

    /// <returns>The ISBN-13 of a number of at most seven digits.</returns>
    internal static string IsbnOf(int number)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"97911{number:D7}");
        var sum = digits.Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 1 : 3)).Sum();
        return $"{digits}{(10 - (sum % 10)) % 10}";
    }

    internal static object NewBook(string title = "가을 산책", int stock = 1, params long[] tags) =>
        new
        {
            title,
            author = "김하늘",
            isbn = NewIsbn(),
            stock,
            published_at = "2024-10-01",
            tags,
        };

    internal static async Task<JsonElement> AddBook(this Person librarian, object book) =>
        await (await librarian.Client.Send(HttpMethod.Post, "/api/v1/books", book)).Json(HttpStatusCode.Created);

    internal static async Task<long> AddTag(this Person person, string name) =>
        (
            await (await person.Client.Send(HttpMethod.Post, "/api/v1/tags", new { name })).Json(HttpStatusCode.Created)
        ).Number("tag_id");

    internal static async Task<JsonElement> Books(this Person person, string query) =>
        await (await person.Client.GetAsync($"/api/v1/books?{query}", Stop)).Json(HttpStatusCode.OK);

    /// <returns>The ids of a list, in its order.</returns>
    internal static async Task<List<long>> BookIds(this Person person, string query) =>
        [.. (await person.Books(query)).GetProperty("results").EnumerateArray().Select(book => book.Number("book_id"))];

    internal static Task<HttpResponseMessage> Borrow(this Person person, long book, object? quantity) =>
        person.Client.Send(HttpMethod.Post, "/api/v1/loans", new { book_id = book, quantity });

    internal static Task<HttpResponseMessage> Hold(this Person person, long book) =>
        person.Client.Send(HttpMethod.Post, "/api/v1/holds", new { book_id = book });

    internal static Task<HttpResponseMessage> Renew(this Person person, long loan) =>
        person.Client.Send(HttpMethod.Post, $"/api/v1/loans/{loan}/renew");

    internal static Task<HttpResponseMessage> Return(this Person person, long loan, object body) =>
        person.Client.Send(HttpMethod.Patch, $"/api/v1/loans/{loan}", body);

    internal static async Task<long> Stock(this Person person, long book) =>
        (await (await person.Client.GetAsync($"/api/v1/books/{book}", Stop)).Json(HttpStatusCode.OK)).Number("stock");

    /// <summary>Moves a loan's due date to so long from now.</summary>
    internal static Task SetDue(this Yard yard, long loan, TimeSpan fromNow) =>
        yard.Database.Write(
            sql =>
                sql.Execute("UPDATE loans SET due_at = @Due WHERE id = @loan", new { loan, Due = sql.Now + fromNow }),
            Stop
        );

    /// <summary>Every stock is the sum of its lines in the ledger.</summary>
    internal static async Task StockIsItsLedger(this Yard yard) =>
        Assert.Empty(
            await yard.Database.Read(
                sql =>
                    sql.Query<long>(
                        """
                        SELECT books.id FROM books
                        WHERE stock <> (SELECT coalesce(sum(change), 0) FROM stock_changes WHERE book_id = books.id)
                        """
                    ),
                Stop
            )
        );
}
