using System.Text.Json;

namespace Madang.BrowserTests;

public static partial class PageRules
{
    public sealed partial class Filled
    {
        /// <summary>More books than a page holds, with more tags than most have.</summary>
        private async Task FillLibrary(Visit visit)
        {
            var request = visit.Page.Context.APIRequest;
            var headers = new Dictionary<string, string> { ["Origin"] = Url };
            async Task<JsonElement> Make(string path, object thing)
            {
                var answer = await request.PostAsync(path, new() { DataObject = thing, Headers = headers });
                Assert.Equal(201, answer.Status);
                return (await answer.JsonAsync())!.Value;
            }
            var books = new List<long>();
            foreach (var number in Enumerable.Range(1, 31))
            {
                await Make("/api/v1/tags", new { name = number == 1 ? "답사" : $"갈래 {number}" });
            }
            foreach (var number in Enumerable.Range(1, 25))
            {
                var book = await Make(
                    "/api/v1/books",
                    new
                    {
                        title = $"나의 문화유산답사기 {number}: 남도답사 일번지 AnAwfullyLongWordThatNothingBreaks",
                        author = "유홍준, 김하늘",
                        publisher = number % 2 == 0 ? "창비" : null,
                        isbn = Isbn(number),
                        stock = number % 4,
                        published_at = "1993-05-20",
                        tags = new[] { 1, number + 1, number + 2, number + 3 },
                    }
                );
                books.Add(book.GetProperty("book_id").GetInt64());
            }
            await Make("/api/v1/loans", new { book_id = books[1], quantity = 2 });
            await Make("/api/v1/loans", new { book_id = books[2], quantity = 1 });
            await Make("/api/v1/holds", new { book_id = books[3] });
        }

        private static string Isbn(int number)
        {
            var digits = $"97911{number:D7}";
            var sum = digits.Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 1 : 3)).Sum();
            return $"{digits}{(10 - (sum % 10)) % 10}";
        }
    }
}
