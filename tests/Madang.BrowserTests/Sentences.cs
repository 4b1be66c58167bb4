using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Madang.BrowserTests;

/// <summary>Korean and English say the same things, and nothing that no page says.</summary>
public sealed partial class Sentences
{
    public static TheoryData<string> Rooms() =>
        [
            .. Repository
                .Files("src", "Words.en.resx")
                .Select(file => Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar)[1]),
        ];

    [Theory, MemberData(nameof(Rooms))]
    public void Both_languages_have_the_same_sentences_with_the_same_places(string room)
    {
        var (english, korean) = (Words(room, "en"), Words(room, "ko"));
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), korean.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, pair => Assert.Equal(Places(pair.Value), Places(korean[pair.Key])));
        Assert.All(korean.Concat(english), pair => Assert.False(string.IsNullOrWhiteSpace(pair.Value), pair.Key));
    }

    [Theory, MemberData(nameof(Rooms))]
    public void Every_sentence_that_is_said_is_there(string room)
    {
        var known = Words(room, "en").Keys.ToHashSet();
        var said = Sources($"src/{room}")
            .SelectMany(source => Said().Matches(source))
            .SelectMany(match => Keys().Matches(match.Value));
        var missing = said.Select(match => match.Groups[1].Value).Except(known).ToList();
        Assert.Empty(missing);
    }

    [Theory, MemberData(nameof(Rooms))]
    public void No_sentence_is_left_over(string room)
    {
        var mentioned = Sources("src")
            .SelectMany(source => Keys().Matches(source))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();
        // The sentence of a status is put together from its number.
        var left = Words(room, "en").Keys.Where(key => !Problem().IsMatch(key)).Except(mentioned).ToList();
        Assert.Empty(left);
    }

    private static IEnumerable<string> Sources(string folder) =>
        Repository.Files(folder, ".cs").Concat(Repository.Files(folder, ".razor")).Select(File.ReadAllText);

    private static Dictionary<string, string> Words(string room, string language) =>
        XDocument
            .Parse(Repository.Read($"src/{room}/Resources/Words.{language}.resx"))
            .Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static IEnumerable<string> Places(string sentence) =>
        Place().Matches(sentence).Select(match => match.Value).Order(StringComparer.Ordinal);

    /// <summary>What stands in <c>Say[…]</c> or begins <c>Say.Format(…)</c>, a choice between two keys included.</summary>
    [GeneratedRegex("""(?<!FrameWords\.)\b[Ss]ay(?:\[[^\]]*\]|\.Format\(\s*"[^"]*"|\.In\([^"]*"[^"]*")""")]
    private static partial Regex Said();

    [GeneratedRegex("""(?<!\$)"([a-z_]+(?:\.[a-z0-9_]+)+)["]""")]
    private static partial Regex Keys();

    [GeneratedRegex(@"^problem\.(\d+|other)(\.detail)?$")]
    private static partial Regex Problem();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
