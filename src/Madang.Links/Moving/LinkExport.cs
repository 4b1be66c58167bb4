using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Moving;
using Madang.Links.Counting;
using Madang.Links.Shortening;

namespace Madang.Links.Moving;

/// <summary>A link as an export has it. A password stays here: its link is refused where it is imported.</summary>
internal sealed record MovedLink(
    string Slug,
    string Url,
    string? Title,
    IReadOnlyList<string> Tags,
    string? Notes,
    string Visibility,
    DateTimeOffset? StartsAt,
    DateTimeOffset? ExpiresAt,
    long? MaxVisits,
    bool HasPassword,
    int RedirectStatus,
    bool ForwardQuery,
    string? FallbackUrl,
    DateTimeOffset? ArchivedAt,
    DateTimeOffset CreatedAt,
    long People,
    long Bots
)
{
    /// <summary>The columns of the CSV; a field that links get later comes before the counts.</summary>
    internal static readonly string[] Columns =
    [
        "slug",
        "url",
        "title",
        "tags",
        "notes",
        "visibility",
        "starts_at",
        "expires_at",
        "max_visits",
        "has_password",
        "redirect_status",
        "forward_query",
        "fallback_url",
        "archived_at",
        "created_at",
        "people",
        "bots",
    ];

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    internal string[] Fields =>
        [
            Formulas.Guarded(Slug),
            Formulas.Guarded(Url),
            Formulas.Guarded(Title ?? ""),
            Formulas.Guarded(TagList.Write(Tags)),
            Formulas.Guarded(Notes ?? ""),
            Visibility,
            Text(StartsAt),
            Text(ExpiresAt),
            string.Create(CultureInfo.InvariantCulture, $"{MaxVisits}"),
            HasPassword ? "true" : "false",
            string.Create(CultureInfo.InvariantCulture, $"{RedirectStatus}"),
            ForwardQuery ? "true" : "false",
            Formulas.Guarded(FallbackUrl ?? ""),
            Text(ArchivedAt),
            Text(CreatedAt),
            string.Create(CultureInfo.InvariantCulture, $"{People}"),
            string.Create(CultureInfo.InvariantCulture, $"{Bots}"),
        ];

    private static string Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>Writes links out as they are read, a few at a time: an export takes no more memory than one of these parts.</summary>
public sealed class LinkExport(Database db, VisitCounter counter, ContractJson json)
{
    private const int Batch = 200;

    /// <summary>Writes RFC 4180 in UTF-8, with the mark at its beginning by which spreadsheets know it.</summary>
    internal async Task WriteCsv(Stream to, long owner, bool withTeam, Action? step, CancellationToken stop)
    {
        await using var csv = CsvWriter.Create(
            to,
            CsvWriterOptions.Default with
            {
                WriteByteOrderMark = true,
            },
            leaveOpen: true
        );
        await csv.WriteRecordAsync(MovedLink.Columns, stop);
        await foreach (var link in All(owner, withTeam, stop))
        {
            await csv.WriteRecordAsync(link.Fields, stop);
            step?.Invoke();
        }
    }

    /// <summary>Writes one JSON text, the links under <c>links</c>.</summary>
    internal async Task WriteJson(Stream to, long owner, bool withTeam, Action? step, CancellationToken stop)
    {
        var separator = "{\"links\":[\n";
        await foreach (var link in All(owner, withTeam, stop))
        {
            await to.WriteAsync(Encoding.UTF8.GetBytes(separator), stop);
            await to.WriteAsync(json.Bytes(link), stop);
            separator = ",\n";
            step?.Invoke();
        }
        await to.WriteAsync(Encoding.UTF8.GetBytes(separator == ",\n" ? "\n]}\n" : "{\"links\":[]}\n"), stop);
    }

    /// <returns>How many links an export has.</returns>
    internal Task<long> Count(long owner, bool withTeam, CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                var count = 0L;
                foreach (var kind in Kinds(withTeam))
                {
                    count += await sql.Single<long>($"SELECT count(*) FROM links WHERE {Kept(kind)}", new { owner });
                }
                return count;
            },
            stop
        );

    /// <returns>Oldest first: one's own in use, one's own put away, then the team's.</returns>
    private async IAsyncEnumerable<MovedLink> All(
        long owner,
        bool withTeam,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        await counter.Write(stop, isLast: true);
        // One that is put away while this goes on is met in both places.
        var seen = new HashSet<long>();
        foreach (var kind in Kinds(withTeam))
        {
            var (at, id) = (DateTimeOffset.UnixEpoch, -1L);
            for (var isMore = true; isMore; )
            {
                var (links, totals) = await Next(owner, kind, at, id, stop);
                foreach (var link in links.Where(link => seen.Add(link.Id)))
                {
                    yield return Of(link, totals.GetValueOrDefault(link.Id));
                }
                isMore = links.Count == Batch;
                (at, id) = links.Count > 0 ? (links[^1].CreatedAt, links[^1].Id) : (at, id);
            }
        }
    }

    private Task<(List<LinkRow> Links, Dictionary<long, Line> Totals)> Next(
        long owner,
        int kind,
        DateTimeOffset at,
        long id,
        CancellationToken stop
    ) =>
        db.Read(
            async sql =>
            {
                var links = await sql.Query<LinkRow>(
                    $"""
                    SELECT {LinkRow.Columns} FROM links
                    WHERE {Kept(kind)} AND (created_at, id) > (@at, @id)
                    ORDER BY created_at, id
                    LIMIT @Batch
                    """,
                    new
                    {
                        owner,
                        at,
                        id,
                        Batch,
                    }
                );
                var totals = await sql.Rows(
                    $"""
                    SELECT link_id, CAST(sum(people) AS bigint), CAST(sum(bots) AS bigint) FROM link_totals
                    WHERE {sql.In("link_id", "@ids")} AND span = @Hours
                    GROUP BY link_id
                    """,
                    new { ids = links.Select(link => link.Id).ToArray(), Hours = (long)Span.Hour },
                    row => new Line(row.Number(0), 0, 0, 0, "", row.Number(1), row.Number(2))
                );
                return (links, totals.ToDictionary(line => line.Link));
            },
            stop
        );

    private static int[] Kinds(bool withTeam) => withTeam ? [0, 1, 2, 3] : [0, 1];

    /// <summary>Each has an index of its own.</summary>
    private static string Kept(int kind) =>
        kind switch
        {
            0 => "owner_id = @owner AND deleted_at IS NULL AND archived_at IS NULL",
            1 => "owner_id = @owner AND deleted_at IS NULL AND archived_at IS NOT NULL",
            2 =>
                "visibility = 'team' AND (owner_id IS NULL OR owner_id <> @owner) AND deleted_at IS NULL AND archived_at IS NULL",
            _ =>
                "visibility = 'team' AND (owner_id IS NULL OR owner_id <> @owner) AND deleted_at IS NULL AND archived_at IS NOT NULL",
        };

    private static MovedLink Of(LinkRow link, Line total) =>
        new(
            link.Slug,
            link.Url,
            link.Title,
            LinkRow.TagsOf(link.Tags),
            link.Notes,
            link.Visibility,
            link.StartsAt,
            link.ExpiresAt,
            link.MaxVisits,
            link.PasswordHash is not null,
            link.RedirectStatus,
            link.ForwardQuery,
            link.FallbackUrl,
            link.ArchivedAt,
            link.CreatedAt,
            total.People,
            total.Bots
        );
}
