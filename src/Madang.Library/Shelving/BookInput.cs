using System.Text.Json;
using System.Text.Json.Serialization;
using Madang.Foundation.Http;

namespace Madang.Library.Shelving;

/// <summary>A book that is to be added, or all of what an entry is to say.</summary>
public sealed record BookInput
{
    internal const int LongestTitle = 500;
    internal const int LongestPublisher = 300;
    internal const int MostStock = 1_000_000;

    /// <summary>The title.</summary>
    [Needed, Longest(LongestTitle)]
    public string? Title { get; init; }

    /// <summary>Who wrote it.</summary>
    [Needed, Longest(LongestTitle)]
    public string? Author { get; init; }

    /// <summary>Who published it.</summary>
    [Longest(LongestPublisher)]
    public string? Publisher { get; init; }

    /// <summary>ISBN-10 or ISBN-13 with a right check digit; hyphens are left out.</summary>
    [Needed, IsbnRule]
    public string? Isbn { get; init; }

    /// <summary>Copies that can be borrowed now.</summary>
    [Needed, Between(0, MostStock)]
    public long? Stock { get; init; }

    /// <summary>When it was published: a date or a time.</summary>
    [Needed]
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>At most 50 tags: their ids, or objects with <c>tag_id</c>.</summary>
    [Needed]
    public IReadOnlyList<TagId>? Tags { get; init; }
}

/// <summary>A change of a book. What is left out stays as it is.</summary>
public sealed record BookChangeInput
{
    /// <summary>The title.</summary>
    [Needed, Longest(BookInput.LongestTitle)]
    public Given<string> Title { get; init; }

    /// <summary>Who wrote it.</summary>
    [Needed, Longest(BookInput.LongestTitle)]
    public Given<string> Author { get; init; }

    /// <summary>Who published it; null when nobody knows.</summary>
    [Longest(BookInput.LongestPublisher)]
    public Given<string?> Publisher { get; init; }

    /// <summary>ISBN-10 or ISBN-13 with a right check digit.</summary>
    [Needed, IsbnRule]
    public Given<string> Isbn { get; init; }

    /// <summary>Copies that can be borrowed now.</summary>
    [NotNull, Between(0, BookInput.MostStock)]
    public Given<long?> Stock { get; init; }

    /// <summary>When it was published; null when nobody knows.</summary>
    public Given<DateTimeOffset?> PublishedAt { get; init; }

    /// <summary>At most 50 tags, in the place of those it has.</summary>
    [NotNull]
    public Given<IReadOnlyList<TagId>> Tags { get; init; }

    /// <returns>A change of everything.</returns>
    internal static BookChangeInput Of(BookInput all) =>
        new()
        {
            Title = new(all.Title),
            Author = new(all.Author),
            Publisher = new(all.Publisher),
            Isbn = new(all.Isbn),
            Stock = new(all.Stock),
            PublishedAt = new(all.PublishedAt),
            Tags = new(all.Tags),
        };
}

/// <summary>A tag of an input: its id, or an object with <c>tag_id</c>, as small clients have sent both.</summary>
/// <param name="Id">Its id.</param>
[JsonConverter(typeof(TagIdConverter))]
public readonly record struct TagId(long Id)
{
    /// <summary>A book has at most so many.</summary>
    internal const int Most = 50;
}

/// <summary>Reads both forms, and writes ids.</summary>
internal sealed class TagIdConverter : JsonConverter<TagId>
{
    public override TagId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.TokenType == JsonTokenType.StartObject ? IdOf(ref reader) : Number(ref reader));

    public override void Write(Utf8JsonWriter writer, TagId value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Id);

    private static long IdOf(ref Utf8JsonReader reader)
    {
        long? id = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isId = reader.ValueTextEquals("tag_id"u8);
            reader.Read();
            if (isId)
            {
                id = Number(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
        return id ?? throw new JsonException();
    }

    private static long Number(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)
            ? number
            : throw new JsonException();
}
