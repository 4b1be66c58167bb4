using Madang.Links.Blocking;
using Madang.Links.Shortening;

namespace Madang.Links.Following;

/// <summary>As much of a link as following it needs.</summary>
internal sealed class OpenLink
{
    /// <summary>In bytes, besides its texts: the objects themselves and their place in the table.</summary>
    private const int Overhead = 250;

    /// <param name="row">The link.</param>
    /// <param name="blocked">The hosts that nothing leads to, or null when there are none.</param>
    internal OpenLink(LinkRow row, BlockedHosts? blocked)
    {
        IsBlocked = blocked?.Has(row.Url) == true;
        Id = row.Id;
        Slug = row.Slug;
        Location = Target.Location(row.Url);
        Status = row.RedirectStatus;
        ForwardsQuery = row.ForwardQuery;
        IsArchived = row.ArchivedAt is not null;
        PasswordHash = row.PasswordHash;
        Fallback =
            row.FallbackUrl is null || IsBlocked || blocked?.Has(row.FallbackUrl) == true
                ? null
                : Target.Location(row.FallbackUrl);
        IsLimited = row.MaxVisits is not null;
        starts = row.StartsAt?.UtcTicks ?? 0;
        ends = row.ExpiresAt?.UtcTicks ?? long.MaxValue;
        IsPlain =
            starts == 0
            && ends == long.MaxValue
            && !IsArchived
            && !IsBlocked
            && !IsProtected
            && !IsLimited
            && !ForwardsQuery;
    }

    private readonly long starts;
    private readonly long ends;

    internal long Id { get; }

    internal string Slug { get; }

    /// <summary>The target, visible ASCII.</summary>
    internal string Location { get; }

    internal int Status { get; }

    internal bool ForwardsQuery { get; }

    /// <summary>Whether the database is asked at each visit if it is one too many.</summary>
    internal bool IsLimited { get; }

    internal bool IsProtected => PasswordHash is not null;

    internal string? PasswordHash { get; }

    /// <summary>Where it leads once it has ended, visible ASCII, or null. A blocked link leads nowhere at all.</summary>
    internal string? Fallback { get; }

    /// <summary>Whether every visit is a redirect and nothing else has to be looked at.</summary>
    internal bool IsPlain { get; }

    /// <summary>In bytes, roughly.</summary>
    internal int Size =>
        Overhead + (2 * (Slug.Length + Location.Length + (PasswordHash?.Length ?? 0) + (Fallback?.Length ?? 0)));

    private bool IsArchived { get; }

    internal bool HasBegun(DateTimeOffset now) => now.UtcTicks >= starts;

    /// <summary>Whether it leads to a host that nothing leads to.</summary>
    internal bool IsBlocked { get; }

    internal bool IsOpen(DateTimeOffset now) =>
        !IsArchived && !IsBlocked && now.UtcTicks >= starts && now.UtcTicks < ends;
}
