using Madang.Foundation.Modules;
using Madang.Library;
using Madang.Links;
using Madang.Memos;

namespace Madang.Host;

/// <summary>All rooms of the yard: a new one is added here, and nowhere else in the host.</summary>
internal static class Modules
{
    internal static readonly IReadOnlyList<IModule> All = [new MemosModule(), new LinksModule(), new LibraryModule()];
}
