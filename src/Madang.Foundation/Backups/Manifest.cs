using System.Text.Json.Serialization;
using Madang.Foundation.Schema;

namespace Madang.Foundation.Backups;

/// <summary>What a backup holds, as its <c>manifest.json</c> says. The format is described in <c>docs/backup.md</c>.</summary>
internal sealed record Manifest
{
    internal const string EntryName = "manifest.json";

    /// <summary>The newest format that this release reads, and the one that it writes.</summary>
    internal const int NewestFormat = 1;

    public required int Format { get; init; }

    /// <summary>The release that made it.</summary>
    public required string Madang { get; init; }

    /// <summary><c>sqlite</c> or <c>postgres</c>: where it comes from. It may go to either.</summary>
    public required string Database { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required List<ManifestScript> Scripts { get; init; }

    public required List<ManifestTable> Tables { get; init; }

    public required List<ManifestFile> Files { get; init; }

    internal long Rows => Tables.Sum(table => table.Rows);

    /// <summary>Of all that must be read, in bytes.</summary>
    internal long Size => Tables.Sum(table => table.Size) + Files.Sum(file => file.Size);
}

/// <summary>A schema script that had run on the database.</summary>
internal sealed record ManifestScript(string Room, int Number, string Name, string Checksum)
{
    internal string Label => SchemaScript.LabelOf(Room, Number, Name);
}

/// <summary>One table's rows, a line of JSON each, in <c>tables/NAME.jsonl</c>.</summary>
internal sealed record ManifestTable
{
    public required string Name { get; init; }

    public required List<Column> Columns { get; init; }

    public required long Rows { get; init; }

    /// <summary>The highest id that was ever given, or null for a table that gives none.</summary>
    public long? LastId { get; init; }

    /// <summary>Of its lines, in bytes, before they are compressed.</summary>
    public required long Size { get; init; }

    public required string Sha256 { get; init; }

    internal string EntryName => EntryOf(Name);

    internal static string EntryOf(string table) => $"tables/{table}.jsonl";
}

/// <summary>An uploaded file, in <c>files/PATH</c>.</summary>
internal sealed record ManifestFile(string Path, long Size, string Sha256)
{
    internal string EntryName => EntryOf(Path);

    internal static string EntryOf(string path) => $"files/{path}";
}

/// <summary>A column, and what its values are in a backup.</summary>
internal sealed record Column(string Name, ColumnKind Kind);

/// <summary>
/// What both databases have in common. A time is an integer, microseconds since 1970 in UTC; a truth is 0 or 1; the target's own
/// schema says which integers are times.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnKind>))]
internal enum ColumnKind
{
    [JsonStringEnumMemberName("integer")]
    Integer,

    [JsonStringEnumMemberName("real")]
    Real,

    [JsonStringEnumMemberName("text")]
    Text,

    [JsonStringEnumMemberName("bytes")]
    Bytes,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
