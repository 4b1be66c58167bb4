using Madang.Foundation.Samples;
using Madang.Links.Counting;
using Madang.Links.Shortening;

namespace Madang.Links.Samples;

/// <summary>Made-up visits: the same each time, more by day than by night (in Seoul), fewer of old links.</summary>
internal static class SampleVisits
{
    private static readonly Agent[] Agents =
    [
        new(false, "Chrome", "Windows", "desktop"),
        new(false, "Safari", "iOS", "mobile"),
        new(false, "Samsung Internet", "Android", "mobile"),
        new(false, "Chrome", "Android", "mobile"),
        new(false, "KakaoTalk", "Android", "mobile"),
        new(false, "Firefox", "Linux", "desktop"),
        new(false, "Edge", "Windows", "desktop"),
        new(false, "Safari", "macOS", "desktop"),
        new(true, "", "", ""),
    ];

    private static readonly string[] Referrers =
    [
        "",
        "",
        "",
        "search.naver.com",
        "google.com",
        "blog.example.org",
        "t.co",
    ];
    private static readonly string[] Tongues = ["ko", "ko", "ko", "en", "en", "ja", ""];

    /// <returns>So many days back the oldest sample was made.</returns>
    internal static int DaysOf(SampleSize size) => size == SampleSize.Few ? 42 : 300;

    internal static IEnumerable<Visit> Of(LinkRow link, int person, int place, SampleSize size, DateTimeOffset now)
    {
        // Numerical Recipes' generator: the same on every system, and good enough for a picture.
        var state = (uint)((person * 31) + place + 7);
        int Next(int below)
        {
            state = (state * 1664525) + 1013904223;
            return (int)(state >> 8) % below;
        }
        var minutes = Math.Max(60, (int)(now - link.CreatedAt).TotalMinutes);
        var count = (size == SampleSize.Few ? 30 : 90) + Next(size == SampleSize.Few ? 60 : 260);
        for (var number = 0; number < count; number++)
        {
            var at = now.AddMinutes(-Next(minutes));
            // Half of what would fall into Seoul's night falls six hours earlier.
            at = at.AddHours(9).Hour is < 7 && Next(2) == 0 && at.AddHours(-6) > link.CreatedAt ? at.AddHours(-6) : at;
            yield return new Visit(
                link.Id,
                (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
                false,
                Agents[Math.Min(Next(Agents.Length), Next(Agents.Length + 3))],
                Referrers[Next(Referrers.Length)],
                Tongues[Next(Tongues.Length)],
                "",
                0xC6336400_00000000,
                true
            );
        }
    }
}
