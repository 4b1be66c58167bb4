using Madang.Foundation.Samples;
using Madang.Links.Shortening;

namespace Madang.Links.Samples;

/// <summary>Made-up links, at addresses that belong to nobody (RFC 2606).</summary>
internal static class SampleLinks
{
    private static readonly (string Path, string Title, string Tags, bool IsTeam)[] Korean =
    [
        ("trip/autumn-2026?day=1", "가을 답사 안내문", "답사,안내", true),
        ("library/new-books", "이번 달 새로 들어온 책", "책", true),
        ("forms/volunteers", "자원봉사 신청서", "신청,안내", true),
        ("map/반월동-마을길", "반월동 마을길 지도", "지도", false),
        ("meeting/minutes/42", "운영 모임 회의록", "회의", true),
        ("recipes/kimchi-pancake", "김치전 만드는 법", "부엌", false),
        ("concert/tickets?seat=any", "작은 음악회 예매", "행사,안내", true),
        ("photos/spring", "봄 소풍 사진", "사진", false),
    ];

    private static readonly (string Path, string Title, string Tags, bool IsTeam)[] English =
    [
        ("handbook/first-week", "Handbook: the first week", "team,guide", true),
        ("events/open-house", "Open house, signing up", "event", true),
        ("slides/2026/yard", "Slides of the talk about the yard", "talk", false),
        ("shop/tote-bag?ref=poster", "Tote bags for the library", "shop", true),
        ("survey/opening-hours", "Survey: opening hours", "survey,guide", true),
        ("travel/trains", "Trains to the meeting", "travel", false),
        ("status", "What works and what doesn't", "team", true),
        ("reading-list", "Reading list for the winter", "books", false),
    ];

    /// <returns>The links of one of the people: few for who looks around, the rest of a language shared out among who writes it.</returns>
    internal static IReadOnlyList<LinkInput> Of(IReadOnlyList<SamplePerson> people, int person, SampleSize size)
    {
        var language = people[person].Language;
        var texts = language == "ko" ? Korean : English;
        if (size == SampleSize.Few)
        {
            return [.. texts.Take(5).Select(Link)];
        }
        var same = Enumerable.Range(0, people.Count).Where(at => people[at].Language == language).ToList();
        return [.. texts.Where((_, at) => same[at % same.Count] == person).Select(Link)];
    }

    private static LinkInput Link((string Path, string Title, string Tags, bool IsTeam) one) =>
        new()
        {
            Url = $"https://example.com/{one.Path}",
            Title = one.Title,
            Tags = one.Tags.Split(','),
            Visibility = one.IsTeam ? Visibility.Team : Visibility.Private,
        };
}
