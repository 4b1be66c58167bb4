using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Links.Following;
using Madang.Links.Titles;

namespace Madang.Links.Shortening;

/// <summary>Every line of SQL that changes and deletes links, and tells the processes of it.</summary>
public sealed class LinkChanges(Database db, OpenLinks open, TitleQueue titles)
{
    /// <param name="slug">Which.</param>
    /// <param name="user">Who changes it.</param>
    /// <param name="ifMatch">The client's condition.</param>
    /// <param name="input">The change, checked.</param>
    /// <param name="baseUrl">What short addresses begin with.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    /// <param name="isByForm">Whether the condition is of a form, not of what a GET answered.</param>
    /// <returns>The link as it is now, or why it isn't changed.</returns>
    internal Task<(Link? Link, Refused? Refused)> Change(
        string slug,
        long user,
        Precondition ifMatch,
        LinkChangeInput input,
        string baseUrl,
        CancellationToken stop,
        bool isByForm = false
    )
    {
        if (input is { Password.Value: not null, PasswordHash: null })
        {
            throw new InvalidOperationException("A password must be hashed before its link is written.");
        }
        return db.Write<(Link?, Refused?)>(
            async sql =>
            {
                var (before, refused) = await FindForChange(sql, slug, user, ifMatch, baseUrl, isByForm);
                if (before is null)
                {
                    return (null, refused);
                }
                var after = Changed(before, input, sql.Now);
                if (after.Visibility != before.Visibility && before.OwnerId != user)
                {
                    return (null, new Refused(403));
                }
                var link = after.For(baseUrl);
                if (LinkRules.CheckTimes(link) is { } wrong)
                {
                    return (null, wrong);
                }
                await Update(sql, after);
                if (LinkIndex.KeyOf(before) != LinkIndex.KeyOf(after) || before.Tags != after.Tags)
                {
                    await LinkIndex.Remove(sql, before);
                    await LinkIndex.Add(sql, after);
                }
                await Tell(sql, slug);
                if (
                    after.Url != before.Url
                    && after is { Title: null, OwnerId: not null }
                    && !TakesTitle(before, input)
                )
                {
                    sql.AfterCommit(() => titles.Want(after.Id, after.Url));
                }
                return (link, null);
            },
            stop
        );
    }

    /// <returns>Null when it is deleted, else why not.</returns>
    internal Task<Refused?> Delete(
        string slug,
        long user,
        Precondition ifMatch,
        string baseUrl,
        CancellationToken stop
    ) =>
        db.Write(
            async sql =>
            {
                var (link, refused) = await FindForChange(sql, slug, user, ifMatch, baseUrl);
                if (link is not null)
                {
                    await Remove(sql, link);
                }
                return refused;
            },
            stop
        );

    /// <summary>Deletes a link for good. Its row stays, emptied, to keep its slug from being given again.</summary>
    internal async Task Remove(Sql sql, LinkRow link)
    {
        await sql.Execute(
            """
            UPDATE links SET
                url = '', url_hash = 0, text_key = '', title = NULL, notes = NULL, tags = '[]', password_hash = NULL,
                fallback_url = NULL, deleted_at = @Now
            WHERE id = @Id
            """,
            new { link.Id, sql.Now }
        );
        await LinkIndex.Remove(sql, link);
        await Tell(sql, link.Slug);
    }

    /// <summary>This process forgets the link as soon as the change is durable; the others find the note.</summary>
    private async Task Tell(Sql sql, string slug)
    {
        await Note(sql, slug);
        sql.AfterCommit(() => open.Forget(slug));
    }

    /// <summary>Leaves a note of a change to the other processes.</summary>
    internal static Task<int> Note(Sql sql, string slug) =>
        sql.Execute(
            sql.For(
                "INSERT INTO link_changes (slug, at) VALUES (@slug, @Now)",
                "INSERT INTO link_changes (slug, at) VALUES (@slug, clock_timestamp())"
            ),
            new { slug, sql.Now }
        );

    private static Task<int> Update(Sql sql, LinkRow link) =>
        sql.Execute(
            """
            UPDATE links SET
                url = @Url, url_hash = @Hash, text_key = @Key, title = @Title, has_fetched_title = @HasFetchedTitle,
                notes = @Notes, tags = @Tags, visibility = @Visibility,
                starts_at = @StartsAt, expires_at = @ExpiresAt, max_visits = @MaxVisits, password_hash = @PasswordHash,
                redirect_status = @RedirectStatus, forward_query = @ForwardQuery, fallback_url = @FallbackUrl, archived_at = @ArchivedAt,
                updated_at = @Now
            WHERE id = @Id
            """,
            new
            {
                link.Id,
                link.Url,
                Hash = LinkStore.HashOf(link.Url),
                Key = LinkIndex.KeyOf(link),
                link.Title,
                link.HasFetchedTitle,
                link.Notes,
                link.Tags,
                link.Visibility,
                link.StartsAt,
                link.ExpiresAt,
                link.MaxVisits,
                link.PasswordHash,
                link.RedirectStatus,
                link.ForwardQuery,
                link.FallbackUrl,
                link.ArchivedAt,
                sql.Now,
            }
        );

    private static async Task<(LinkRow?, Refused?)> FindForChange(
        Sql sql,
        string slug,
        long user,
        Precondition ifMatch,
        string baseUrl,
        bool isByForm = false
    )
    {
        var link = await sql.First<LinkRow>(
            $"""
            SELECT {LinkRow.Columns} FROM links
            WHERE slug = @slug AND deleted_at IS NULL AND (owner_id = @user OR visibility = 'team')
            {sql.For("", "FOR UPDATE")}
            """,
            new { slug, user }
        );
        return link is null ? (null, new Refused(404))
            : ifMatch.Allows(isByForm ? link.AsInForms(baseUrl) : link.For(baseUrl)) ? (link, null)
            : (null, new Refused(412));
    }

    /// <summary>Who takes a title away wants none, wherever the link leads from now on.</summary>
    private static bool TakesTitle(LinkRow link, LinkChangeInput input) =>
        link.Title is not null && input.Title.IsGiven && LinkStore.Tidy(input.Title.Value) is null;

    private static LinkRow Changed(LinkRow link, LinkChangeInput input, DateTimeOffset now)
    {
        var title = LinkStore.Tidy(input.Title.Or(link.Title));
        var isFetched = link.HasFetchedTitle && title == link.Title;
        var leadsElsewhere = input.Url.Or(link.Url) != link.Url;
        return link with
        {
            Url = input.Url.Or(link.Url),
            Title = isFetched && leadsElsewhere ? null : title,
            HasFetchedTitle = isFetched && !leadsElsewhere,
            Notes = LinkStore.Tidy(input.Notes.Or(link.Notes)),
            Tags = input.Tags.IsGiven ? LinkRow.TagsText(LinkRules.Tidy(input.Tags.Value)) : link.Tags,
            Visibility = input.Visibility.Or(link.Visibility) ?? Visibility.Private,
            StartsAt = LinkStore.Utc(input.StartsAt.Or(link.StartsAt)),
            ExpiresAt = LinkStore.Utc(input.ExpiresAt.Or(link.ExpiresAt)),
            MaxVisits = input.MaxVisits.Or(link.MaxVisits),
            PasswordHash = input.Password.IsGiven ? input.PasswordHash : link.PasswordHash,
            RedirectStatus = input.RedirectStatus.Or(link.RedirectStatus) ?? LinkRules.DefaultStatus,
            ForwardQuery = input.ForwardQuery.Or(link.ForwardQuery) ?? false,
            FallbackUrl = input.FallbackUrl.Or(link.FallbackUrl),
            ArchivedAt =
                input.ArchivedAt.IsGiven ? LinkStore.Utc(input.ArchivedAt.Value)
                : !input.Archived.IsGiven ? link.ArchivedAt
                : input.Archived.Value == true ? link.ArchivedAt ?? now
                : null,
        };
    }
}
