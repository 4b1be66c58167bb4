using System.Text;

namespace Madang.Foundation.Data;

/// <summary>
/// The one way text is compared without case, and kept for that in <c>…_key</c> columns. Neither database's own folding is used:
/// they differ from each other and from release to release.
/// </summary>
public static class Fold
{
    /// <returns>The text in NFC with its case folded; two texts that differ only in case or in composition give the same.</returns>
    public static string Key(string text)
    {
        // Upper first, since several lower-case letters share one upper-case letter (σ and ς); then lower, since the Kelvin sign
        // and its like are upper case already. Composition comes last, as casing may take it apart.
#pragma warning disable CA1308 // Lower case is the key's form, not a security decision.
        return Clean(text).ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormC);
#pragma warning restore CA1308
    }

    /// <returns>Text that people typed, as it is kept: NFC.</returns>
    public static string Clean(string text)
    {
        return text.Normalize(NormalizationForm.FormC);
    }
}
