namespace Madang.Foundation.Modules;

/// <summary>One entry of the rail.</summary>
/// <param name="Path">Where it leads, from the root.</param>
/// <param name="Word">Its word, in the language of the request.</param>
/// <param name="Icon">The name of its icon in the frame's icon set.</param>
public sealed record NavigationEntry(string Path, Func<string> Word, string Icon);
