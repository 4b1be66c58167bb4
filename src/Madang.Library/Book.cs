using System.Text.Json;
using Madang.Foundation.Http;

[assembly: System.Resources.NeutralResourcesLanguage("en", System.Resources.UltimateResourceFallbackLocation.Satellite)]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.Tests")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("madang")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.HttpBench")]

namespace Madang.Library;

/// <summary>A book of the library: all copies of one edition.</summary>
public sealed record Book : IWritesJson
{
    /// <summary>The id.</summary>
    public required long BookId { get; init; }

    /// <summary>1 to 500 characters.</summary>
    public required string Title { get; init; }

    /// <summary>1 to 500 characters; several authors stand in one text.</summary>
    public required string Author { get; init; }

    /// <summary>Up to 300 characters, or null.</summary>
    public string? Publisher { get; init; }

    /// <summary>ISBN-10 or ISBN-13 as it was given, without hyphens (ISO 2108).</summary>
    public required string Isbn { get; init; }

    /// <summary>Copies that can be borrowed now.</summary>
    public required long Stock { get; init; }

    /// <summary>When it was published, or null where nobody knows.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Its tags, in the order in which they were given.</summary>
    public required IReadOnlyList<Tag> Tags { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its entry was last changed; lending changes the stock alone.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber(Names.BookId, BookId);
        json.WriteString(Names.Title, Title);
        json.WriteString(Names.Author, Author);
        json.WriteString(Names.Publisher, Publisher);
        json.WriteString(Names.Isbn, Isbn);
        json.WriteNumber(Names.Stock, Stock);
        json.WriteTime(Names.PublishedAt, PublishedAt);
        json.WriteStartArray(Names.Tags);
        foreach (var tag in Tags)
        {
            json.WriteStartObject();
            json.WriteNumber(Names.TagId, tag.TagId);
            json.WriteString(Names.Name, tag.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteTime(Names.CreatedAt, CreatedAt);
        json.WriteTime(Names.UpdatedAt, UpdatedAt);
        json.WriteEndObject();
    }

    /// <summary>Encoded once: the writer would look through each again for what must be escaped.</summary>
    private static class Names
    {
        internal static readonly JsonEncodedText BookId = JsonEncodedText.Encode("book_id");
        internal static readonly JsonEncodedText Title = JsonEncodedText.Encode("title");
        internal static readonly JsonEncodedText Author = JsonEncodedText.Encode("author");
        internal static readonly JsonEncodedText Publisher = JsonEncodedText.Encode("publisher");
        internal static readonly JsonEncodedText Isbn = JsonEncodedText.Encode("isbn");
        internal static readonly JsonEncodedText Stock = JsonEncodedText.Encode("stock");
        internal static readonly JsonEncodedText PublishedAt = JsonEncodedText.Encode("published_at");
        internal static readonly JsonEncodedText Tags = JsonEncodedText.Encode("tags");
        internal static readonly JsonEncodedText TagId = JsonEncodedText.Encode("tag_id");
        internal static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
        internal static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("created_at");
        internal static readonly JsonEncodedText UpdatedAt = JsonEncodedText.Encode("updated_at");
    }
}

/// <summary>A word that books are sorted by.</summary>
/// <param name="TagId">The id.</param>
/// <param name="Name">1 to 100 characters; unique, whatever its case.</param>
public sealed record Tag(long TagId, string Name)
{
    internal const int LongestName = 100;
}

/// <summary>Some copies of a book that a member has borrowed.</summary>
public sealed record Loan
{
    /// <summary>The id.</summary>
    public required long LoanId { get; init; }

    /// <summary>Who borrowed them.</summary>
    public required long UserId { get; init; }

    /// <summary>The book.</summary>
    public required long BookId { get; init; }

    /// <summary>How many copies.</summary>
    public required long Quantity { get; init; }

    /// <summary>Whether they are back.</summary>
    public bool IsReturned => ReturnedAt is not null;

    /// <summary>Until when they are to be back: the end of a day of the server's time zone.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When they came back, or null.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    /// <summary>Whether they should be back by now.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>How often it was renewed.</summary>
    public long Renewals { get; init; }

    /// <summary>When they were borrowed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Somebody waits for a copy of a book, or one is put aside for him.</summary>
public sealed record Hold
{
    /// <summary>The id.</summary>
    public required long HoldId { get; init; }

    /// <summary>Who waits.</summary>
    public required long UserId { get; init; }

    /// <summary>For which book.</summary>
    public required long BookId { get; init; }

    /// <summary>His place among those who wait, from 1; null once a copy is put aside.</summary>
    public long? Place { get; init; }

    /// <summary>Until when a copy is put aside; null while he waits. It is the end of a day of the server's time zone.</summary>
    public DateTimeOffset? PickUpUntil { get; init; }

    /// <summary>Since when he waits.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
