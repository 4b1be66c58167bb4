namespace Madang.Memos.Rendering;

/// <summary>Where a link in a memo may lead: the web, a mail, or a path of this yard.</summary>
internal static class Addresses
{
    private static readonly string[] Schemes = ["http://", "https://", "mailto:"];

    /// <param name="address">As it is written out, entities already read.</param>
    internal static bool IsAllowed(string address) =>
        // Browsers pass over white space and control characters, and take a backslash for a slash.
        !address.Any(letter => letter is <= ' ' or '\u007F' or '\\')
        && (
            Schemes.Any(scheme => address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            || (address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal))
        );
}
