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
        json.WriteNumber("book_id"u8, BookId);
        json.WriteString("title"u8, Title);
        json.WriteString("author"u8, Author);
        json.WriteString("publisher"u8, Publisher);
        json.WriteString("isbn"u8, Isbn);
        json.WriteNumber("stock"u8, Stock);
        json.WriteTime("published_at"u8, PublishedAt);
        json.WriteStartArray("tags"u8);
        foreach (var tag in Tags)
        {
            json.WriteStartObject();
            json.WriteNumber("tag_id"u8, tag.TagId);
            json.WriteString("name"u8, tag.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteTime("created_at"u8, CreatedAt);
        json.WriteTime("updated_at"u8, UpdatedAt);
        json.WriteEndObject();
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
