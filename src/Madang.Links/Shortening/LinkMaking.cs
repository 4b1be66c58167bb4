using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Http;

namespace Madang.Links.Shortening;

/// <summary>Makes links for the pages; programs that may ask twice go through <see cref="Once"/>.</summary>
public sealed class LinkMaking(Database db, LinkStore links, LinkPasswords passwords)
{
    /// <returns>The link, made or found; or why not.</returns>
    internal async Task<(LinkRow? Link, Refused? Refused)> Make(
        LinkInput input,
        long owner,
        HttpContext http,
        CancellationToken stop
    )
    {
        if (await passwords.Hashed(input, stop) is not { } hashed)
        {
            return (null, LinkPasswords.Busy(http));
        }
        var (link, _) = await db.Write(sql => links.MakeOrFind(sql, owner, hashed), stop);
        return link is null ? (null, LinkEndpoints.Taken) : (link, null);
    }
}
