using System.Text.Json;
using System.Text.Json.Serialization;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>An import as it is kept.</summary>
internal sealed record BookImportRow
{
    public required long Id { get; init; }
    public required long OwnerId { get; init; }
    public string? File { get; init; }
    public required string FileName { get; init; }
    public string? Source { get; init; }
    public required bool IsDryRun { get; init; }
    public required string State { get; init; }
    public required int Total { get; init; }
    public required int Added { get; init; }
    public required int Present { get; init; }
    public required int Refused { get; init; }
    public required string Lines { get; init; }
    public string? Problem { get; init; }
    public string? Detail { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    internal BookImportPlan Plan => new(OwnerId, Source);

    /// <summary>Whether its process has lost it.</summary>
    internal bool IsLost(DateTimeOffset now) =>
        State is "waiting" or "running" && UpdatedAt < now - ImportQueue.Patience;
}

/// <summary>An import of books.</summary>
/// <param name="Id">The id.</param>
/// <param name="FileName">What the file was called.</param>
/// <param name="From">Whose file it was said to be: <c>madang</c>, <c>goodreads</c>, <c>sheet</c>, <c>marc</c> or <c>kormarc</c>; null where its content tells.</param>
/// <param name="DryRun">Whether it only tells what would happen.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Problem">Why it failed: <c>wrong_encoding</c>, <c>broken_csv</c>, <c>broken_json</c>, <c>broken_xlsx</c>, <c>broken_marc</c>, <c>broken_xml</c>,
/// <c>broken_html</c>, <c>unread_workbook</c>, <c>other_columns</c>, <c>other_kind</c>, <c>nothing</c>, <c>too_many</c>, <c>too_large</c>, <c>too_large_a_part</c>,
/// <c>not_an_editor</c>, <c>interrupted</c>, <c>failed_inside</c>; or null.</param>
/// <param name="Detail">Of <c>failed_inside</c> the trace id by which the log names the reason; otherwise null.</param>
/// <param name="Total">Books in the file; 0 until that is known.</param>
/// <param name="Added">New ones; of a dry run those that would be.</param>
/// <param name="Present">Those that are there already, which are left as they are.</param>
/// <param name="Refused">Those that can't be taken in.</param>
/// <param name="Lines">What became, or would become, of them once it is over: the first 500 that are refused, then the first 500 that are there, then the
/// first 500 that are added. <c>GET /books/imports/{id}/lines</c> has them all.</param>
/// <param name="CreatedAt">When the file came.</param>
/// <param name="UpdatedAt">When it last got further.</param>
public sealed record BookImport(
    long Id,
    string FileName,
    string? From,
    bool DryRun,
    string State,
    string? Problem,
    string? Detail,
    int Total,
    int Added,
    int Present,
    int Refused,
    IReadOnlyList<BookImportLine> Lines,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    internal bool IsOpen => State is "waiting" or "running";

    internal static BookImport Of(BookImportRow row, DateTimeOffset now)
    {
        var isLost = row.IsLost(now);
        return new(
            row.Id,
            row.FileName,
            row.Source,
            row.IsDryRun,
            isLost ? "failed" : row.State,
            isLost ? "interrupted" : row.Problem,
            isLost ? null : row.Detail,
            row.Total,
            row.Added,
            row.Present,
            row.Refused,
            JsonSerializer.Deserialize(row.Lines, BookMovingJson.Default.ListBookImportLine)!,
            row.CreatedAt,
            row.UpdatedAt
        );
    }
}

/// <summary>What is told of single lines beside the whole: enough to see what happens, those first that somebody has to look at.</summary>
internal sealed class ToldBooks
{
    private const int Most = 500;

    private readonly List<BookImportLine> refused = [];
    private readonly List<BookImportLine> present = [];
    private readonly List<BookImportLine> added = [];

    internal IEnumerable<BookImportLine> All => [.. refused, .. present, .. added];

    internal string Text => JsonSerializer.Serialize([.. All], BookMovingJson.Default.ListBookImportLine);

    internal void Add(IEnumerable<BookImportLine> lines)
    {
        foreach (var line in lines)
        {
            var kind = line.Outcome switch
            {
                IncomingBooks.Added => added,
                IncomingBooks.Present => present,
                _ => refused,
            };
            if (kind.Count < Most)
            {
                kind.Add(line);
            }
        }
    }
}

/// <summary>The source-generated JSON of moving books.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BookImport))]
[JsonSerializable(typeof(List<BookImportLine>))]
[JsonSerializable(typeof(MovedBook))]
internal sealed partial class BookMovingJson : JsonSerializerContext;
