using System.Globalization;
using System.Text;

namespace Madang.Links.Counting;

/// <summary>The bars of a chart as two paths: one for people from the ground up, one for bots on top of them.</summary>
internal sealed class ChartShape
{
    internal const int Height = 100;

    /// <summary>Of one bar with its gap.</summary>
    private const int Step = 10;
    private const int Bar = 8;

    internal ChartShape(IReadOnlyList<VisitsAt> series)
    {
        Width = series.Count * Step;
        Top = RoundUp(series.Max(one => one.People + one.Bots));
        var (people, bots) = (new StringBuilder(), new StringBuilder());
        for (var at = 0; at < series.Count; at++)
        {
            var ground = Draw(people, at, Height, series[at].People);
            Draw(bots, at, ground, series[at].Bots);
        }
        (People, Bots) = (people.ToString(), bots.ToString());
    }

    internal int Width { get; }

    /// <summary>What the picture's full height stands for: 1, 2 or 5 with zeros, and not less than the highest bar.</summary>
    internal long Top { get; }

    internal string People { get; }

    internal string Bots { get; }

    internal static long RoundUp(long most)
    {
        for (long step = 1; ; step *= 10)
        {
            foreach (var times in new[] { 1, 2, 5 })
            {
                if (step * times >= most)
                {
                    return step * times;
                }
            }
        }
    }

    /// <returns>Where the next may stand on it. What was visited at all is seen.</returns>
    private double Draw(StringBuilder path, int at, double ground, long count)
    {
        if (count == 0)
        {
            return ground;
        }
        var height = Math.Max(1.5, Math.Round((double)count / Top * Height, 1));
        path.Append(CultureInfo.InvariantCulture, $"M{(at * Step) + 1} {ground:0.#}h{Bar}v-{height:0.#}h-{Bar}z");
        return Math.Max(0, ground - height);
    }
}
