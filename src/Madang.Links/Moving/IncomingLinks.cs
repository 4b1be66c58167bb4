using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Links.Counting;
using Madang.Links.Shortening;

namespace Madang.Links.Moving;

/// <summary>What becomes of a line.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Outcome"><c>added</c>, <c>renamed</c> (added with another slug), <c>present</c> or <c>refused</c>.</param>
/// <param name="Url">Where it leads.</param>
/// <param name="Slug">The slug that it has, or of a dry run would have; null when it is drawn.</param>
/// <param name="Reason">Why it is refused: <c>bad_url</c>, <c>own_url</c>, <c>blocked</c>, <c>bad_slug</c>, <c>taken</c>, <c>bad_tag</c>, <c>bad_end</c>,
/// <c>bad_time</c>, <c>bad_limit</c>, <c>protected</c>, <c>banned</c> or <c>not_text</c>; or null.</param>
public sealed record ImportLine(int Line, string Outcome, string Url, string? Slug, string? Reason);

/// <summary>What came before in the same file, where it is only tried.</summary>
internal sealed record Seen(HashSet<string> Origins, Dictionary<string, string> Slugs, HashSet<string> Urls)
{
    internal static Seen Nothing => new([], new(StringComparer.Ordinal), []);

    /// <summary>What a line that is taken in leaves for those after it, as they will find it in the database; one that is refused leaves nothing.</summary>
    internal void Add(IncomingLink link, ImportLine line)
    {
        Origins.Add(link.Origin);
        if (line.Slug is not null)
        {
            Slugs[line.Slug] = line.Url;
        }
        if (link.ArchivedAt is null && link.Input.OnlyLeads)
        {
            Urls.Add(line.Url);
        }
    }
}

/// <summary>Every line of SQL that takes links in with their own times and visits.</summary>
public sealed class IncomingLinks(Database db, LinkStore store, ReservedWords reserved)
{
    internal const string Added = "added";
    internal const string Renamed = "renamed";
    internal const string Present = "present";
    internal const string Refused = "refused";

    /// <summary>Tells what would become of them, and writes nothing.</summary>
    internal Task<List<ImportLine>> Try(
        long owner,
        IReadOnlyList<IncomingLink> links,
        bool drawsSlugs,
        Seen seen,
        CancellationToken stop
    ) => db.Read(sql => Judge(sql, owner, links, drawsSlugs, seen), stop);

    /// <summary>Takes them in, each whole, all in one write together with what <paramref name="also"/> writes.</summary>
    internal Task<List<ImportLine>> Add(
        long owner,
        IReadOnlyList<IncomingLink> links,
        bool drawsSlugs,
        Func<Sql, List<ImportLine>, Task> also,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                await sql.MustStand(owner);
                var lines = await Judge(sql, owner, links, drawsSlugs, Seen.Nothing);
                for (var at = 0; at < lines.Count; at++)
                {
                    if (lines[at].Outcome is Added or Renamed)
                    {
                        lines[at] = await Add(sql, owner, links[at], lines[at], drawsSlugs);
                    }
                }
                await also(sql, lines);
                return lines;
            },
            stop
        );

    private async Task<ImportLine> Add(Sql sql, long owner, IncomingLink link, ImportLine line, bool drawsSlugs)
    {
        var created = link.CreatedAt ?? sql.Now;
        var past = new LinkStore.Past(created, LinkStore.Utc(link.ArchivedAt), link.People + link.Bots);
        var wanted = link.Input with { Slug = line.Outcome == Renamed ? null : link.Input.Slug };
        var made = await store.Add(sql, owner, wanted, past);
        if (made is null && drawsSlugs)
        {
            // Somebody else was quicker.
            line = line with
            {
                Outcome = Renamed,
            };
            made = await store.Add(sql, owner, wanted with { Slug = null }, past);
        }
        if (made is null)
        {
            return line with { Outcome = Refused, Reason = "taken" };
        }
        await sql.Execute(
            "INSERT INTO link_origins (owner_id, origin, link_id) VALUES (@owner, @Origin, @Id)",
            new
            {
                owner,
                link.Origin,
                made.Id,
            }
        );
        await AddVisits(sql, made.Id, created, link);
        return line with { Slug = made.Slug };
    }

    /// <summary>What was counted elsewhere stands in the quarter-hour in which the link was made: nobody knows when it was.</summary>
    private static async Task AddVisits(Sql sql, long id, DateTimeOffset created, IncomingLink link)
    {
        if (link.People + link.Bots == 0)
        {
            return;
        }
        var quarter =
            (created - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / Rollup.MicrosecondsOfQuarter;
        await sql.Execute(
            """
            INSERT INTO link_totals (link_id, span, at, people, bots)
            VALUES (@id, @Quarters, @quarter, @People, @Bots), (@id, @Hours, @Hour, @People, @Bots)
            """,
            new
            {
                id,
                Quarters = (long)Span.Quarter,
                quarter,
                Hours = (long)Span.Hour,
                Hour = quarter / Rollup.QuartersOfHour,
                link.People,
                link.Bots,
            }
        );
    }

    private async Task<List<ImportLine>> Judge(
        Sql sql,
        long owner,
        IReadOnlyList<IncomingLink> links,
        bool drawsSlugs,
        Seen seen
    )
    {
        var origins = (
            await sql.Query<string>(
                $"SELECT origin FROM link_origins WHERE owner_id = @owner AND {sql.In("origin", "@origins")}",
                new { owner, origins = links.Select(link => link.Origin).ToArray() }
            )
        ).ToHashSet();
        var bySlug = (
            await sql.Query<Known>(
                $"SELECT slug, url, owner_id, visibility FROM links WHERE {sql.In("slug", "@slugs")}",
                new { slugs = links.Select(link => link.Input.Slug ?? "").ToArray() }
            )
        ).ToDictionary(known => known.Slug, StringComparer.Ordinal);
        var urls = (
            await sql.Query<string>(
                $"""
                SELECT url FROM links
                WHERE owner_id = @owner AND {sql.In("url_hash", "@hashes")} AND {LinkStore.OnlyLeads}
                """,
                new
                {
                    owner,
                    hashes = links.Select(link => LinkStore.HashOf(link.Input.Url!)).ToArray(),
                    Visibility = Visibility.Private,
                    Status = LinkRules.DefaultStatus,
                }
            )
        ).ToHashSet();
        var lines = new List<ImportLine>();
        foreach (var link in links)
        {
            var line = Judge(link, owner, drawsSlugs, seen, origins, bySlug, urls);
            if (line.Outcome is Added or Renamed)
            {
                seen.Add(link, line);
            }
            lines.Add(line);
        }
        return lines;
    }

    private ImportLine Judge(
        IncomingLink link,
        long owner,
        bool drawsSlugs,
        Seen seen,
        HashSet<string> origins,
        Dictionary<string, Known> bySlug,
        HashSet<string> urls
    )
    {
        var (url, slug) = (link.Input.Url!, link.Input.Slug);
        ImportLine Line(string outcome, string? as_, string? reason = null) =>
            new(link.Line, outcome, url, as_, reason);
        var isPlain = link.Input.IsPlain && link is { CreatedAt: null, ArchivedAt: null };
        if (origins.Contains(link.Origin) || seen.Origins.Contains(link.Origin))
        {
            return Line(Present, slug);
        }
        if (slug is null)
        {
            // An address alone that is here already is the same link, as when it is shortened again.
            return isPlain && (urls.Contains(url) || seen.Urls.Contains(url)) ? Line(Present, null) : Line(Added, null);
        }
        if (bySlug.GetValueOrDefault(slug)?.IsFor(owner, url) == true || seen.Slugs.GetValueOrDefault(slug) == url)
        {
            return Line(Present, slug);
        }
        var fault =
            !Links.Slug.IsWellFormed(slug) ? "bad_slug"
            : reserved.Has(slug) || bySlug.ContainsKey(slug) || seen.Slugs.ContainsKey(slug) ? "taken"
            : null;
        return fault is null ? Line(Added, slug)
            : drawsSlugs ? Line(Renamed, null)
            : Line(Refused, slug, fault);
    }

    private sealed record Known
    {
        public required string Slug { get; init; }
        public required string Url { get; init; }
        public long? OwnerId { get; init; }
        public required string Visibility { get; init; }

        internal bool IsFor(long owner, string url) =>
            Url == url && (OwnerId == owner || Visibility == Links.Visibility.Team);
    }
}
