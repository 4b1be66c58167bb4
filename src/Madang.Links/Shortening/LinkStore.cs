using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Links.Titles;

namespace Madang.Links.Shortening;

/// <summary>Every line of SQL that makes links.</summary>
public sealed class LinkStore(ReservedWords reserved, TitleQueue titles)
{
    /// <summary>With a million links one draw in a million meets a slug that is taken.</summary>
    private const int MostDraws = 20;

    /// <summary>Links of one owner to one address among which the same is looked for.</summary>
    private const int MostLooked = 100;

    /// <summary>That a link does nothing but lead there, whatever it is called: then its address again is the same link.</summary>
    internal const string OnlyLeads = """
        deleted_at IS NULL AND archived_at IS NULL
        AND starts_at IS NULL AND expires_at IS NULL AND max_visits IS NULL AND password_hash IS NULL
        AND visibility = @Visibility AND redirect_status = @Status AND NOT forward_query AND fallback_url IS NULL
        """;

    /// <returns>The link, or null when its slug is taken or reserved.</returns>
    internal async Task<LinkRow?> Add(Sql sql, long? owner, LinkInput input, Past? past = null)
    {
        if (owner is { } user)
        {
            await sql.MustStand(user);
        }
        if (input.Slug is not null)
        {
            return reserved.Has(input.Slug) ? null : await Insert(sql, owner, input, input.Slug, past);
        }
        for (var draw = 0; draw < MostDraws; draw++)
        {
            var slug = Slug.Random();
            if (!reserved.Has(slug) && await Insert(sql, owner, input, slug, past) is { } link)
            {
                return link;
            }
        }
        throw new InvalidOperationException($"{MostDraws} random slugs in a row were taken.");
    }

    /// <returns>The link, and whether it is new: an address alone may be one that its owner has. Null when its slug is taken.</returns>
    internal async Task<(LinkRow? Link, bool IsNew)> MakeOrFind(Sql sql, long? owner, LinkInput input) =>
        input.IsPlain ? await AddOrFind(sql, owner, input) : (await Add(sql, owner, input), true);

    /// <summary>The same address again by the same owner is the same link: the newest that does nothing but lead there.</summary>
    internal async Task<(LinkRow Link, bool IsNew)> AddOrFind(Sql sql, long? owner, LinkInput input)
    {
        var hash = await Lock(sql, owner, input.Url!);
        var known = await sql.First<LinkRow>(
            $"""
            SELECT {LinkRow.Columns} FROM links
            WHERE {(
                owner is null ? "owner_id IS NULL" : "owner_id = @owner"
            )} AND url_hash = @hash AND url = @Url AND {OnlyLeads}
            ORDER BY id DESC
            LIMIT 1
            """,
            new
            {
                owner,
                hash,
                input.Url,
                Visibility = owner is null ? Visibility.Team : Visibility.Private,
                Status = LinkRules.DefaultStatus,
            }
        );
        return known is null ? ((await Add(sql, owner, input))!, true) : (known, false);
    }

    /// <summary>As <see cref="MakeOrFind"/>, for what may be sent twice: what came before just as it is now is not made again.</summary>
    internal async Task<(LinkRow? Link, bool IsNew)> MakeOrFindSame(Sql sql, long owner, LinkInput input)
    {
        if (input.IsPlain)
        {
            return await AddOrFind(sql, owner, input);
        }
        var hash = await Lock(sql, owner, input.Url!);
        var known = await sql.Query<LinkRow>(
            $"""
            SELECT {LinkRow.Columns} FROM links
            WHERE owner_id = @owner AND url_hash = @hash AND url = @Url AND deleted_at IS NULL AND archived_at IS NULL
            ORDER BY id DESC
            LIMIT @MostLooked
            """,
            new
            {
                owner,
                hash,
                input.Url,
                MostLooked,
            }
        );
        return known.Find(link => IsSame(link, input)) is { } same
            ? (same, false)
            : (await Add(sql, owner, input), true);
    }

    /// <summary>A title that wasn't given may have been fetched since.</summary>
    private static bool IsSame(LinkRow link, LinkInput input) =>
        input.Slug is not null
            ? link.Slug == input.Slug
            : (input.Title is null || link.Title == Tidy(input.Title))
                && link.Notes == Tidy(input.Notes)
                && link.Tags == LinkRow.TagsText(LinkRules.Tidy(input.Tags))
                && link.Visibility == (input.Visibility ?? Visibility.Private)
                && (link.StartsAt, link.ExpiresAt) == (Utc(input.StartsAt), Utc(input.ExpiresAt))
                && (link.MaxVisits, link.FallbackUrl) == (input.MaxVisits, input.FallbackUrl)
                && link.RedirectStatus == (input.RedirectStatus ?? LinkRules.DefaultStatus)
                && link.ForwardQuery == (input.ForwardQuery ?? false)
                && (link.PasswordHash, input.Password) is (null, null);

    /// <summary>Of two who send one address at once the second waits: both would find nothing.</summary>
    /// <returns>The hash of the address.</returns>
    private static async Task<long> Lock(Sql sql, long? owner, string url)
    {
        var hash = HashOf(url);
        if (sql.Dialect == Dialect.Postgres)
        {
            await sql.Execute("SELECT pg_advisory_xact_lock(@Lock)", new { Lock = hash ^ (owner ?? 0) });
        }
        return hash;
    }

    private async Task<LinkRow?> Insert(Sql sql, long? owner, LinkInput input, string slug, Past? past)
    {
        if (input is { Password: not null, PasswordHash: null })
        {
            throw new InvalidOperationException("A password must be hashed before its link is written.");
        }
        var (title, notes) = (Tidy(input.Title), Tidy(input.Notes));
        var link = await sql.First<LinkRow>(
            $"""
            INSERT INTO links (
                slug, owner_id, url, url_hash, text_key, title, notes, tags, visibility, starts_at, expires_at, max_visits, visits,
                password_hash, redirect_status, forward_query, fallback_url, archived_at, created_at, updated_at
            )
            VALUES (
                @slug, @owner, @Url, @Hash, @Key, @title, @notes, @Tags, @Visibility, @StartsAt, @ExpiresAt, @MaxVisits, @Visits,
                @PasswordHash, @Status, @Forward, @FallbackUrl, @ArchivedAt, @CreatedAt, @Now
            )
            ON CONFLICT (slug) DO NOTHING
            RETURNING {LinkRow.Columns}
            """,
            new
            {
                slug,
                owner,
                input.Url,
                Hash = HashOf(input.Url!),
                Key = LinkIndex.KeyOf(slug, title, input.Url!, notes),
                title,
                notes,
                Tags = LinkRow.TagsText(LinkRules.Tidy(input.Tags)),
                Visibility = owner is null ? Visibility.Team : input.Visibility ?? Visibility.Private,
                StartsAt = Utc(input.StartsAt),
                ExpiresAt = Utc(input.ExpiresAt),
                input.MaxVisits,
                Status = input.RedirectStatus ?? LinkRules.DefaultStatus,
                Forward = input.ForwardQuery ?? false,
                input.PasswordHash,
                input.FallbackUrl,
                past?.ArchivedAt,
                CreatedAt = past?.CreatedAt ?? sql.Now,
                Visits = past?.Visits ?? 0,
                sql.Now,
            }
        );
        if (link is not null)
        {
            await LinkIndex.Add(sql, link);
            if (title is null && owner is not null && past is null)
            {
                sql.AfterCommit(() => titles.Want(link.Id, link.Url));
            }
        }
        return link;
    }

    /// <summary>What a link has behind it that was made elsewhere.</summary>
    internal sealed record Past(DateTimeOffset CreatedAt, DateTimeOffset? ArchivedAt, long Visits);

    internal static string? Tidy(string? text) => string.IsNullOrWhiteSpace(text) ? null : Fold.Clean(text).Trim();

    /// <summary>Whole microseconds, as it comes back.</summary>
    internal static DateTimeOffset? Utc(DateTimeOffset? time) =>
        time is { } at
            ? new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero)
            : null;

    internal static long HashOf(string url) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(url)));
}
