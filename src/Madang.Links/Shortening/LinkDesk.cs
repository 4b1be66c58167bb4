using Madang.Foundation.Http;
using Madang.Links.Guarding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Madang.Links.Shortening;

/// <summary>What the pages on which links are made, listed and changed are made of.</summary>
internal sealed record LinkDesk(
    LinkLists Lists,
    LinkChanges Changes,
    LinkMaking Making,
    LinkRules Rules,
    LinkPasswords Passwords,
    ContractJson Json,
    IConfiguration Configuration
)
{
    /// <returns>The ETag of a form that shows the link.</returns>
    internal string ETagOf(LinkRow link, HttpContext http) =>
        ContractJson.ETag(Json.Bytes(link.AsInForms(BaseUrl(http))));

    internal string BaseUrl(HttpContext http) => ShortUrl.BaseOf(http, Configuration["Links:Domain"]);
}

/// <summary>What was just done, as the address of the list says it.</summary>
internal sealed record LinkNews
{
    /// <summary>The slug of a link that was made.</summary>
    public string? Made { get; init; }

    /// <summary>Whether its address is in the clipboard.</summary>
    public bool? Copied { get; init; }

    /// <summary>The slug of a link that was put away.</summary>
    public string? Undo { get; init; }

    /// <summary>Whether one was deleted.</summary>
    public bool? Gone { get; init; }
}
