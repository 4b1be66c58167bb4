using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Madang.Foundation.Http;

/// <summary>
/// The <c>If-Match</c> of a change (RFC 9110, 13.1.1). A store asks it, inside its write, about the thing as it stands there: so
/// nothing can come between the check and the change.
/// </summary>
public sealed class Precondition
{
    private readonly IList<EntityTagHeaderValue>? tags;
    private readonly ContractJson? json;

    private Precondition(IList<EntityTagHeaderValue>? tags, ContractJson? json) =>
        (this.tags, this.json) = (tags, json);

    /// <summary>No condition.</summary>
    public static Precondition None { get; } = new(null, null);

    /// <returns>That the thing is still as it was with this ETag; a malformed one matches nothing.</returns>
    public static Precondition That(string etag, ContractJson json) =>
        new(EntityTagHeaderValue.TryParseList([etag], out var parsed) ? parsed : [], json);

    /// <returns>Whether the change may go on, <paramref name="current"/> being what a GET would answer now.</returns>
    public bool Allows(object current)
    {
        if (tags is null || json is null)
        {
            return true;
        }
        return AllowsTag(ContractJson.ETag(json.Bytes(current)));
    }

    /// <returns>Whether the change may go on, <paramref name="current"/> being the strong ETag that a GET would answer now, with its quotes.</returns>
    public bool AllowsTag(string current)
    {
        var etag = new EntityTagHeaderValue(current);
        return tags is null
            || tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(etag, useStrongComparison: true));
    }

    /// <summary>Reads it from the request; a malformed header matches nothing, as a stale one.</summary>
    public static ValueTask<Precondition?> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch;
        if (StringValues.IsNullOrEmpty(header))
        {
            return ValueTask.FromResult<Precondition?>(None);
        }
        IList<EntityTagHeaderValue> tags = EntityTagHeaderValue.TryParseList(header, out var parsed) ? parsed : [];
        return ValueTask.FromResult<Precondition?>(
            new(tags, context.RequestServices.GetRequiredService<ContractJson>())
        );
    }
}
