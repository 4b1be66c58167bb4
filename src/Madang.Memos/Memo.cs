using System.Text.Json;
using Madang.Foundation.Http;

[assembly: System.Resources.NeutralResourcesLanguage("en", System.Resources.UltimateResourceFallbackLocation.Satellite)]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.Tests")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.Benchmarks")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("madang")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.HttpBench")]

namespace Madang.Memos;

/// <summary>A memo, as its readers see it.</summary>
public sealed record Memo : IWritesJson
{
    /// <summary>At most so many characters are in one memo.</summary>
    internal const int LongestText = 100_000;

    /// <summary>The id.</summary>
    public required long Id { get; init; }

    /// <summary>Markdown, in NFC, lines ended by LF.</summary>
    public required string Text { get; init; }

    /// <summary>The tags that stand in the text, in its order, each once.</summary>
    public IReadOnlyList<string> Tags => MemoTags.In(Text);

    /// <summary><c>private</c> (its author's alone) or <c>team</c> (every member may read it).</summary>
    public required string Visibility { get; init; }

    /// <summary>Since when it stands above the others, or null.</summary>
    public DateTimeOffset? PinnedAt { get; init; }

    /// <summary>Since when it is put away, or null.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its text or its visibility last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who wrote it.</summary>
    public required long AuthorId { get; init; }

    /// <inheritdoc />
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber(Names.Id, Id);
        json.WriteString(Names.Text, Text);
        json.WriteStartArray(Names.Tags);
        foreach (var tag in Tags)
        {
            json.WriteStringValue(tag);
        }
        json.WriteEndArray();
        json.WriteString(Names.Visibility, Visibility);
        json.WriteTime(Names.PinnedAt, PinnedAt);
        json.WriteTime(Names.ArchivedAt, ArchivedAt);
        json.WriteTime(Names.CreatedAt, CreatedAt);
        json.WriteTime(Names.UpdatedAt, UpdatedAt);
        json.WriteNumber(Names.AuthorId, AuthorId);
        json.WriteEndObject();
    }

    /// <summary>Encoded once: the writer would look through each again for what must be escaped.</summary>
    private static class Names
    {
        internal static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
        internal static readonly JsonEncodedText Text = JsonEncodedText.Encode("text");
        internal static readonly JsonEncodedText Tags = JsonEncodedText.Encode("tags");
        internal static readonly JsonEncodedText Visibility = JsonEncodedText.Encode("visibility");
        internal static readonly JsonEncodedText PinnedAt = JsonEncodedText.Encode("pinned_at");
        internal static readonly JsonEncodedText ArchivedAt = JsonEncodedText.Encode("archived_at");
        internal static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("created_at");
        internal static readonly JsonEncodedText UpdatedAt = JsonEncodedText.Encode("updated_at");
        internal static readonly JsonEncodedText AuthorId = JsonEncodedText.Encode("author_id");
    }
}

/// <summary>Who may read a memo.</summary>
internal static class Visibility
{
    internal const string Private = "private";
    internal const string Team = "team";
}
