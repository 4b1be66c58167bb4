using System.Text.Json;
using Madang.Foundation.Moving;

namespace Madang.Links.Moving;

/// <summary>An import as it is kept.</summary>
internal sealed record ImportRow
{
    public required long Id { get; init; }
    public required long OwnerId { get; init; }
    public string? File { get; init; }
    public required string FileName { get; init; }
    public required string Source { get; init; }
    public required bool NewSlugs { get; init; }
    public required string OwnUrl { get; init; }
    public required bool IsDryRun { get; init; }
    public required string State { get; init; }
    public required int Total { get; init; }
    public required int Added { get; init; }
    public required int Renamed { get; init; }
    public required int Present { get; init; }
    public required int Refused { get; init; }
    public required string Lines { get; init; }
    public string? Problem { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    internal ImportPlan Plan => new(OwnerId, Source, NewSlugs, OwnUrl);

    /// <summary>Whether its process has lost it.</summary>
    internal bool IsLost(DateTimeOffset now) =>
        State is "waiting" or "running" && UpdatedAt < now - ImportQueue.Patience;
}

/// <summary>An import of links.</summary>
/// <param name="Id">The id.</param>
/// <param name="FileName">What the file was called.</param>
/// <param name="From">Whose file it is: <c>madang</c>, <c>csv</c>, <c>shlink</c>, <c>kutt</c>, <c>yourls</c> or <c>bitly</c>.</param>
/// <param name="NewSlugs">Whether a link whose slug can't be had gets another.</param>
/// <param name="DryRun">Whether it only tells what would happen.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Problem">Why it failed: <c>wrong_encoding</c>, <c>broken_json</c>, <c>broken_csv</c>, <c>other_columns</c>, <c>nothing</c>, <c>too_many</c>,
/// <c>too_large_a_part</c>, <c>interrupted</c>, <c>failed_inside</c>; or null.</param>
/// <param name="Total">Links in the file; 0 until that is known.</param>
/// <param name="Added">New ones with the slugs of the file, or drawn where it has none; of a dry run those that would be.</param>
/// <param name="Renamed">New ones whose slug could not be had.</param>
/// <param name="Present">Those that are there already.</param>
/// <param name="Refused">Those that can't be taken in.</param>
/// <param name="Lines">What became, or would become, of each line: the first 500 that are simply added, and the first 500 others.</param>
/// <param name="CreatedAt">When the file came.</param>
/// <param name="UpdatedAt">When it last got further.</param>
public sealed record LinkImport(
    long Id,
    string FileName,
    string From,
    bool NewSlugs,
    bool DryRun,
    string State,
    string? Problem,
    int Total,
    int Added,
    int Renamed,
    int Present,
    int Refused,
    IReadOnlyList<ImportLine> Lines,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    internal bool IsOpen => State is "waiting" or "running";

    internal static LinkImport Of(ImportRow row, DateTimeOffset now)
    {
        var isLost = row.IsLost(now);
        return new(
            row.Id,
            row.FileName,
            row.Source,
            row.NewSlugs,
            row.IsDryRun,
            isLost ? "failed" : row.State,
            isLost ? "interrupted" : row.Problem,
            row.Total,
            row.Added,
            row.Renamed,
            row.Present,
            row.Refused,
            JsonSerializer.Deserialize(row.Lines, LinksJson.Default.ListImportLine)!,
            row.CreatedAt,
            row.UpdatedAt
        );
    }
}

/// <summary>What is told of single lines: enough to see what happens, and never without end.</summary>
internal sealed class ToldLines
{
    private const int Most = 500;

    private readonly List<ImportLine> told = [];
    private int plain;

    internal void Add(IEnumerable<ImportLine> lines)
    {
        foreach (var line in lines)
        {
            var isPlain = line.Outcome == IncomingLinks.Added;
            if (isPlain ? plain < Most : told.Count - plain < Most)
            {
                told.Add(line);
                plain += isPlain ? 1 : 0;
            }
        }
    }

    internal string Text => JsonSerializer.Serialize(told, LinksJson.Default.ListImportLine);
}
