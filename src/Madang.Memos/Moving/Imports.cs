using System.Text.Json;
using Madang.Foundation.Moving;

namespace Madang.Memos.Moving;

/// <summary>An import that is to be begun.</summary>
internal sealed record NewImport(
    long Owner,
    string Runner,
    string File,
    string FileName,
    string? Author,
    bool IsDryRun
);

/// <summary>An import as it is kept.</summary>
internal sealed record ImportRow
{
    public required long Id { get; init; }
    public required long OwnerId { get; init; }
    public string? File { get; init; }
    public required string FileName { get; init; }
    public string? Author { get; init; }
    public required bool IsDryRun { get; init; }
    public required string State { get; init; }
    public required int Total { get; init; }
    public required int Added { get; init; }
    public required int Present { get; init; }
    public required int Refused { get; init; }
    public required int Pictures { get; init; }
    public required int PicturesRefused { get; init; }
    public required string Refusals { get; init; }
    public string? Problem { get; init; }
    public string? Detail { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether its process has lost it.</summary>
    internal bool IsLost(DateTimeOffset now) =>
        State is "waiting" or "running" && UpdatedAt < now - ImportQueue.Patience;
}

/// <summary>An import of memos.</summary>
/// <param name="Id">The id.</param>
/// <param name="FileName">What the file was called.</param>
/// <param name="DryRun">Whether it only tells what would happen.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Problem">Why it failed: <c>unknown_kind</c>, <c>broken_zip</c>, <c>broken_json</c>, <c>broken_database</c>,
/// <c>unknown_database</c>, <c>needs_author</c>, <c>nothing</c>, <c>too_many</c>, <c>too_large</c>, <c>too_large_a_part</c>, <c>interrupted</c>, <c>failed_inside</c>; or null.</param>
/// <param name="Detail">Of <c>needs_author</c> the names to choose from, of <c>failed_inside</c> the trace id by which the log names the reason; otherwise null.</param>
/// <param name="Total">Memos in the file; 0 until that is known.</param>
/// <param name="Added">New ones; of a dry run those that would be.</param>
/// <param name="Present">Those that are there already.</param>
/// <param name="Refused">Those that can't be taken in.</param>
/// <param name="Pictures">New pictures that the new memos show; of a dry run those that would be.</param>
/// <param name="PicturesRefused">Pictures that can't be taken in; their memos come all the same.</param>
/// <param name="Refusals">The first hundred of what is refused, each with its place in the file and why.</param>
/// <param name="CreatedAt">When the file came.</param>
/// <param name="UpdatedAt">When it last got further.</param>
public sealed record ImportView(
    long Id,
    string FileName,
    bool DryRun,
    string State,
    string? Problem,
    string? Detail,
    int Total,
    int Added,
    int Present,
    int Refused,
    int Pictures,
    int PicturesRefused,
    IReadOnlyList<ImportRefusal> Refusals,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    internal bool IsOpen => State is "waiting" or "running";

    internal static ImportView Of(ImportRow row, DateTimeOffset now)
    {
        var isLost = row.IsLost(now);
        return new(
            row.Id,
            row.FileName,
            row.IsDryRun,
            isLost ? "failed" : row.State,
            isLost ? "interrupted" : row.Problem,
            row.Detail,
            row.Total,
            row.Added,
            row.Present,
            row.Refused,
            row.Pictures,
            row.PicturesRefused,
            JsonSerializer.Deserialize(row.Refusals, MemosJson.Default.ListImportRefusal)!,
            row.CreatedAt,
            row.UpdatedAt
        );
    }
}
