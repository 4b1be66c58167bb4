using System.Collections;
using System.Globalization;
using System.Text;
using QRCoder;

namespace Madang.Links.Shortening;

/// <summary>
/// A QR code (ISO/IEC 18004) with the quiet zone of four modules that readers need, dark on light in any theme, as whole pixels:
/// level M, which survives a stain of about a seventh.
/// </summary>
internal static class QrCode
{
    internal const int Smallest = 64;
    internal const int Largest = 2048;
    internal const int Usual = 512;

    internal static byte[] Svg(string text, int size)
    {
        var rows = Modules(text);
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                var start = x;
                while (x < rows.Count && rows[y][x])
                {
                    x++;
                }
                if (x > start)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h{start - x}z");
                }
            }
        }
        return Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {rows.Count} {rows.Count}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{rows.Count}v{rows.Count}H0z"/><path d="{path}"/></svg>"""
            )
        );
    }

    /// <returns>As wide as <paramref name="size"/> or a little less: each module is a whole number of pixels, at least one.</returns>
    internal static byte[] Png(string text, int size)
    {
        using var data = Data(text);
        using var png = new PngByteQRCode(data);
        return png.GetGraphic(Math.Max(1, size / data.ModuleMatrix.Count));
    }

    private static List<BitArray> Modules(string text)
    {
        using var data = Data(text);
        return data.ModuleMatrix;
    }

    private static QRCodeData Data(string text) => QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
}
