using Madang.Foundation.Web;

namespace Madang.Memos;

/// <summary>The sentences of the room of memos.</summary>
internal static class MemosWords
{
    internal static Words Say { get; } = new(typeof(MemosWords));
}
