using Madang.Foundation.Web;

namespace Madang.Links;

/// <summary>The sentences of the room of links.</summary>
internal static class LinksWords
{
    internal static Words Say { get; } = new(typeof(LinksWords));
}
