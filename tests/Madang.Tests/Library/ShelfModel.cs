using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>What a client asks a list for.</summary>
internal sealed record Asked(
    string? Title,
    string? Author,
    ImmutableArray<long> Tags,
    bool IsOr,
    string? Order,
    int Size,
    int Page
)
{
    internal string Query
    {
        get
        {
            var query = new StringBuilder($"page_size={Size}");
            Add("page", Page == 1 ? null : Page.ToString(CultureInfo.InvariantCulture));
            Add("title", Title);
            Add("author", Author);
            Add("order_by", Order);
            Add(
                "tag_option",
                Tags.Length < 2 ? null
                    : IsOr ? "or"
                    : "and"
            );
            foreach (var tag in Tags)
            {
                Add("tag", tag.ToString(CultureInfo.InvariantCulture));
            }
            return query.ToString();

            void Add(string name, string? value)
            {
                if (value is not null)
                {
                    query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
                }
            }
        }
    }
}

/// <summary>A book as the model has it; times as they were answered.</summary>
internal sealed record Shelved(
    long Id,
    string Title,
    string Author,
    string Isbn,
    long Stock,
    string? PublishedAt,
    ImmutableArray<long> Tags,
    string CreatedAt,
    string UpdatedAt
)
{
    internal static Shelved Of(JsonElement book) =>
        new(
            book.Number("book_id"),
            book.Text("title"),
            book.Text("author"),
            book.Text("isbn"),
            book.Number("stock"),
            book.GetProperty("published_at").GetString(),
            [.. book.GetProperty("tags").EnumerateArray().Select(tag => tag.Number("tag_id"))],
            book.Text("created_at"),
            book.Text("updated_at")
        );
}

/// <summary>
/// A library in a few lines, which looks through all its books for every answer: what a list must say. It shares no code with the program:
/// case is ignored by ordinals, and the initial consonants are reckoned here.
/// </summary>
internal sealed record ShelfModel(
    ImmutableDictionary<long, Shelved> Books,
    ImmutableDictionary<long, string> Tags,
    ImmutableDictionary<long, (long Book, long Quantity)> Loans
)
{
    private const string Consonants = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";

    internal static ShelfModel Empty { get; } =
        new(
            ImmutableDictionary<long, Shelved>.Empty,
            ImmutableDictionary<long, string>.Empty,
            ImmutableDictionary<long, (long, long)>.Empty
        );

    internal ShelfModel With(Shelved book) => this with { Books = Books.SetItem(book.Id, book) };

    internal ShelfModel WithStock(long book, long change) =>
        With(Books[book] with { Stock = Books[book].Stock + change });

    /// <summary>Without the tag, on the books too.</summary>
    internal ShelfModel WithoutTag(long tag) =>
        this with
        {
            Tags = Tags.Remove(tag),
            Books = Books.ToImmutableDictionary(
                one => one.Key,
                one => one.Value with { Tags = one.Value.Tags.Remove(tag) }
            ),
        };

    internal bool IsOut(long book) => Loans.Values.Any(loan => loan.Book == book);

    /// <summary>What belongs to different clients, put together.</summary>
    internal static ShelfModel All(IEnumerable<ShelfModel> models) =>
        models.Aggregate(
            Empty,
            (all, one) => new(all.Books.AddRange(one.Books), all.Tags.AddRange(one.Tags), all.Loans.AddRange(one.Loans))
        );

    /// <summary>The answer as one text, in which everything stands that a client sees of the books.</summary>
    internal string Answer(Asked asked)
    {
        var found = Ordered(Books.Values.Where(book => IsSought(book, asked)), asked.Order).ToList();
        var page = found.Skip((asked.Page - 1) * asked.Size).Take(asked.Size);
        return Text(
            found.Count,
            asked.Page * asked.Size < found.Count,
            asked.Page > 1 && found.Count > 0,
            page.Select(book => Text(book, book.Tags.Select(tag => (tag, Tags[tag]))))
        );
    }

    /// <returns>The same text of an answer that came.</returns>
    internal static string Text(JsonElement answer) =>
        Text(
            answer.Number("count"),
            answer.GetProperty("next").ValueKind == JsonValueKind.String,
            answer.GetProperty("previous").ValueKind == JsonValueKind.String,
            answer
                .GetProperty("results")
                .EnumerateArray()
                .Select(book =>
                    Text(
                        Shelved.Of(book),
                        book.GetProperty("tags")
                            .EnumerateArray()
                            .Select(tag => (tag.Number("tag_id"), tag.Text("name")))
                    )
                )
        );

    private static string Text(long count, bool hasNext, bool hasPrevious, IEnumerable<string> books) =>
        $"{count} next={hasNext} previous={hasPrevious}\n{string.Join('\n', books)}";

    private static string Text(Shelved book, IEnumerable<(long, string)> tags) =>
        $"{book with { Tags = [] }} {string.Join(' ', tags)}";

    private static bool IsSought(Shelved book, Asked asked) =>
        Contains(book.Title, asked.Title)
        && Contains(book.Author, asked.Author)
        && (
            asked.Tags.Length == 0
            || (asked.IsOr ? asked.Tags.Any(book.Tags.Contains) : asked.Tags.All(book.Tags.Contains))
        );

    private static bool Contains(string text, string? part) =>
        part is null
        || text.Contains(part, StringComparison.OrdinalIgnoreCase)
        || (
            part.All(letter => Consonants.Contains(letter, StringComparison.Ordinal))
            && string.Concat(text.Where(letter => letter != ' ').Select(Initial))
                .Contains(part, StringComparison.Ordinal)
        );

    private static char Initial(char letter) =>
        letter is >= '가' and <= '힣' ? Consonants[(letter - '가') / (21 * 28)] : letter;

    private static IEnumerable<Shelved> Ordered(IEnumerable<Shelved> books, string? order)
    {
        var all = order switch
        {
            "title" or "-title" => books.OrderBy(book => book.Title.ToLowerInvariant(), StringComparer.Ordinal),
            // Without a time it was before all others.
            "published_at" or "-published_at" => books.OrderBy(book => book.PublishedAt ?? "", StringComparer.Ordinal),
            _ => books.OrderBy(_ => 0),
        };
        var ordered = all.ThenBy(book => book.Id);
        return order is null || order.StartsWith('-') ? ordered.Reverse() : ordered;
    }
}
