using System.Globalization;
using System.Text;
using Madang.Foundation.Samples;
using Madang.Memos.Moving;

namespace Madang.Memos.Samples;

/// <summary>Made-up memos, from the texts beside this file: the same each time for the same people on the same day.</summary>
internal static class SampleTexts
{
    /// <summary>So that a user's samples are found again: followed by their number.</summary>
    internal const string Origin = "sample:";

    private const int DaysOfYear = 364;
    private const int DaysOfFew = 75;

    private static readonly Lazy<string[]> Korean = new(() => Parts("memos.ko.txt", "\n---\n"));
    private static readonly Lazy<string[]> English = new(() => Parts("memos.en.txt", "\n---\n"));
    private static readonly Lazy<string[]> DoneInKorean = new(() => Parts("did.ko.txt", "\n"));
    private static readonly Lazy<string[]> DoneInEnglish = new(() => Parts("did.en.txt", "\n"));

    /// <returns>The memos of each of the people, oldest first.</returns>
    internal static IReadOnlyList<IReadOnlyList<IncomingMemo>> Of(
        IReadOnlyList<SamplePerson> people,
        SampleSize size,
        DateTimeOffset now
    ) => [.. Enumerable.Range(0, people.Count).Select(person => Of(people, person, size, now))];

    private static List<IncomingMemo> Of(
        IReadOnlyList<SamplePerson> people,
        int person,
        SampleSize size,
        DateTimeOffset now
    )
    {
        var dice = new Dice(person + 1);
        var isKorean = people[person].Language == "ko";
        var texts =
            size == SampleSize.Few
                ? Few(isKorean ? Korean.Value : English.Value, isKorean ? 4 : 2)
                    .Concat(Few(isKorean ? English.Value : Korean.Value, 14))
                    .ToList()
                : Shared(people, person, Korean.Value, "ko")
                    .Concat(Shared(people, person, English.Value, "en"))
                    .ToList();
        texts.AddRange(Enumerable.Range(0, size == SampleSize.Few ? 9 : 42).Select(_ => Log(isKorean, dice)));
        var days = size == SampleSize.Few ? DaysOfFew : DaysOfYear;
        var times = texts.ConvertAll(_ => Time(dice, days, now)).Order().ToList();
        dice.Shuffle(texts);
        return [.. texts.Select((text, at) => Make(text, at, times[at]))];
    }

    private static IEnumerable<string> Few(string[] texts, int step) => texts.Where((_, at) => at % step == 0);

    /// <summary>Each text is one person's, most of them somebody's who writes in that language.</summary>
    private static IEnumerable<string> Shared(
        IReadOnlyList<SamplePerson> people,
        int person,
        string[] texts,
        string language
    )
    {
        int[] Those(bool isSame) =>
            [.. Enumerable.Range(0, people.Count).Where(at => (people[at].Language == language) == isSame)];
        var (same, others) = (Those(true), Those(false));
        for (var at = 0; at < texts.Length; at++)
        {
            var from = same.Length == 0 || (others.Length > 0 && at % 8 == 7) ? others : same;
            if (from[at % from.Length] == person)
            {
                yield return texts[at];
            }
        }
    }

    private static IncomingMemo Make(string text, int number, DateTimeOffset at)
    {
        var hasFlags = text.StartsWith('@');
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var flags = hasFlags ? text[..end] : "";
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{Origin}{number:0000}"),
            null,
            hasFlags ? text[(end + 1)..] : text,
            flags.Contains("@team", StringComparison.Ordinal) ? Visibility.Team : Visibility.Private,
            flags.Contains("@pin", StringComparison.Ordinal) ? at : null,
            flags.Contains("@archive", StringComparison.Ordinal) ? at.AddMinutes(3) : null,
            at,
            at
        );
    }

    /// <summary>What somebody did on a day, as a list of tasks: the last of them is perhaps still open.</summary>
    private static string Log(bool isKorean, Dice dice)
    {
        var all = isKorean ? DoneInKorean.Value : DoneInEnglish.Value;
        var text = new StringBuilder(isKorean ? "오늘 한 일\n\n" : "Done today\n\n");
        var first = dice.Next(all.Length);
        var count = 2 + dice.Next(3);
        for (var at = 0; at < count; at++)
        {
            var isOpen = at == count - 1 && dice.Next(3) == 0;
            text.Append(isOpen ? "- [ ] " : "- [x] ").Append(all[(first + (at * 7)) % all.Length]).Append('\n');
        }
        return text.Append(isKorean ? "\n#일지" : "\n#log").ToString();
    }

    /// <summary>More lately than long ago, more on working days, by day more than by night (in Seoul).</summary>
    private static DateTimeOffset Time(Dice dice, int days, DateTimeOffset now)
    {
        while (true)
        {
            var ago = (int)(days * Math.Pow(dice.Next(10_000) / 10_000.0, 1.25));
            var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-ago);
            var isFree = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            var at = day.AddMinutes(-60 + dice.Next(15 * 60)).AddSeconds(dice.Next(60));
            if (at < now && !(isFree && dice.Next(2) == 0))
            {
                return at;
            }
        }
    }

    private static string[] Parts(string file, string separator)
    {
        using var stream = typeof(SampleTexts).Assembly.GetManifestResourceStream($"Samples/{file}")!;
        using var reader = new StreamReader(stream);
        return
        [
            .. reader
                .ReadToEnd()
                .ReplaceLineEndings("\n")
                .Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        ];
    }
}
