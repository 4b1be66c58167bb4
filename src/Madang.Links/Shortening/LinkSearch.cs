using Madang.Foundation.Going;

namespace Madang.Links.Shortening;

/// <summary>Links in the search over all rooms: one's own and the team's that are in use.</summary>
internal sealed class LinkSearch(LinkLists links) : ISearchSource
{
    public async Task<IReadOnlyList<FoundThing>> Search(string sought, long reader, int most, CancellationToken stop)
    {
        var (_, found) = await links.List(reader, new LinkFilter(Query: sought), 0, most, stop);
        return found.ConvertAll(link => new FoundThing(
            $"/links/{link.Slug}",
            $"{link.Title ?? LinkLook.Shortened(link.Url)} · /{link.Slug}",
            LinksWords.Say["links.one"],
            "link"
        ));
    }
}
