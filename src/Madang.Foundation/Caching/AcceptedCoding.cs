using Microsoft.Extensions.Primitives;

namespace Madang.Foundation.Caching;

/// <summary>The codings that answers are kept in.</summary>
internal enum Coding
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>RFC 1952.</summary>
    Gzip,

    /// <summary>RFC 7932.</summary>
    Brotli,
}

/// <summary>Reads <c>Accept-Encoding</c> (RFC 9110, 12.5.3) for each request, and makes nothing while it does.</summary>
internal static class AcceptedCoding
{
    /// <summary>Weights have three decimals: they are counted in thousandths.</summary>
    private const int Whole = 1000;

    /// <returns>The coding that the client wants most; brotli when it wants both alike.</returns>
    internal static Coding Of(StringValues accepted)
    {
        int? brotli = null;
        int? gzip = null;
        int? any = null;
        int? plain = null;
        foreach (var value in accepted)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var one = value.AsSpan()[range];
                var end = one.IndexOf(';');
                var name = (end < 0 ? one : one[..end]).Trim();
                var weight = end < 0 ? Whole : Weight(one[(end + 1)..]);
                if (Is(name, "br"))
                {
                    brotli = weight;
                }
                else if (Is(name, "gzip") || Is(name, "x-gzip"))
                {
                    gzip = weight;
                }
                else if (Is(name, "*"))
                {
                    any = weight;
                }
                else if (Is(name, "identity"))
                {
                    plain = weight;
                }
            }
        }
        var (forBrotli, forGzip) = (brotli ?? any ?? 0, gzip ?? any ?? 0);
        var best = Math.Max(forBrotli, forGzip);
        // Who names plain text as what he wants most gets it.
        return best == 0 || plain > best ? Coding.None
            : forBrotli == best ? Coding.Brotli
            : Coding.Gzip;
    }

    /// <returns>Thousandths; all of it where there is no weight, and nothing where it can't be read.</returns>
    private static int Weight(ReadOnlySpan<char> parameters)
    {
        var text = parameters.Trim();
        if (!text.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
        {
            return Whole;
        }
        var (weight, unit) = (0, Whole);
        foreach (var letter in text[2..])
        {
            if (letter == '.' && unit == Whole)
            {
                unit /= 10;
            }
            else if (char.IsAsciiDigit(letter))
            {
                weight += (letter - '0') * unit;
                unit = unit == Whole ? Whole : unit / 10;
            }
            else
            {
                return 0;
            }
        }
        return Math.Min(weight, Whole);
    }

    private static bool Is(ReadOnlySpan<char> name, string coding) =>
        name.Equals(coding, StringComparison.OrdinalIgnoreCase);
}
