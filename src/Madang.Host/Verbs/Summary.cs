using System.Globalization;
using Madang.Foundation.Backups;

namespace Madang.Host.Verbs;

/// <summary>Numbers as a person reads them.</summary>
internal static class Summary
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    internal static string Of(Manifest manifest) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{manifest.Rows:N0} rows of {manifest.Tables.Count} tables and {manifest.Files.Count:N0} {(manifest.Files.Count == 1 ? "upload" : "uploads")}"
        );

    internal static string Bytes(long count)
    {
        var unit = 0;
        double value = count;
        for (; value >= 1024 && unit < Units.Length - 1; unit++)
        {
            value /= 1024;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }
}
