using System.Globalization;
using System.Text;

namespace Madang.Foundation.Telemetry;

/// <summary>
/// Prometheus's text format 0.0.4. Names are made as OpenTelemetry's compatibility rules have it: <c>http.server.request.duration</c>
/// in <c>s</c> becomes <c>http_server_request_duration_seconds</c>.
/// </summary>
internal static class PrometheusText
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    internal static string Of(IEnumerable<MeasuredInstrument> instruments)
    {
        var text = new StringBuilder();
        // Several instruments of one name, such as two pools' of one meter, are one family: its head stands once.
        foreach (var family in instruments.GroupBy(Name).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var first = family.First();
            var series = family.SelectMany(one => one.Readings).ToList();
            if (series.Count == 0)
            {
                continue;
            }
            if (first.Description is { Length: > 0 } description)
            {
                text.Append("# HELP ").Append(family.Key).Append(' ').AppendLine(Escaped(description, isLabel: false));
            }
            text.Append("# TYPE ")
                .Append(family.Key)
                .Append(' ')
                .Append(first.Kind.ToString().ToLowerInvariant())
                .Append('\n');
            foreach (var (tags, reading) in series)
            {
                Append(text, family.Key, first, Labels(tags), reading);
            }
        }
        return text.Replace("\r\n", "\n").ToString();
    }

    private static void Append(
        StringBuilder text,
        string name,
        MeasuredInstrument instrument,
        string labels,
        Reading reading
    )
    {
        if (instrument.Bounds is not { } bounds)
        {
            Line(text, name, labels, reading.Sum);
            return;
        }
        var upTo = 0L;
        for (var i = 0; i < reading.Buckets.Length; i++)
        {
            upTo += reading.Buckets[i];
            var bound = i < bounds.Length ? Number(bounds[i]) : "+Inf";
            Line(text, name + "_bucket", labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"", upTo);
        }
        Line(text, name + "_sum", labels, reading.Sum);
        Line(text, name + "_count", labels, reading.Count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Name(MeasuredInstrument instrument)
    {
        var name = Legal(instrument.Name);
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            _ => "",
        };
        if (!name.EndsWith(unit, StringComparison.Ordinal))
        {
            name += unit;
        }
        return instrument.Kind == InstrumentKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal)
            ? name + "_total"
            : name;
    }

    private static string Labels(KeyValuePair<string, object?>[] tags) =>
        string.Join(
            ',',
            tags.Select(tag =>
                $"{Legal(tag.Key)}=\"{Escaped(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "", isLabel: true)}\""
            )
        );

    private static string Legal(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static string Escaped(string text, bool isLabel)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
