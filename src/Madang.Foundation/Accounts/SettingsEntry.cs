namespace Madang.Foundation.Accounts;

/// <summary>
/// One page of the settings besides the foundation's own three, in their navigation: whoever maps such a page registers its entry as a
/// service, and the entry stands only where the page does.
/// </summary>
/// <param name="Path">Where it leads, such as <c>/settings/connections</c>.</param>
/// <param name="Word">Its word, in the language of the request.</param>
public sealed record SettingsEntry(string Path, Func<string> Word);
