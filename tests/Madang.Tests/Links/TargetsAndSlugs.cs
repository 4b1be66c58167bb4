using System.Net;
using System.Net.Http.Json;
using FsCheck;
using FsCheck.Fluent;
using Madang.Links;
using Madang.Links.Counting;
using Madang.Links.Shortening;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

/// <summary>What holds for every target and slug, whatever people paste.</summary>
public sealed class TargetsAndSlugs(SqliteYard yard) : IClassFixture<SqliteYard>
{
    private static readonly string[] Parts =
    [
        "http://",
        "https://",
        "HTTP://",
        "ftp://",
        "//",
        "example.com",
        "예시.한국",
        "[::1]",
        "127.1",
        "@",
        ":",
        ":80",
        "/",
        "?",
        "#",
        "%2F",
        "%",
        "가을",
        "é",
        "e\u0301",
        "\u200D",
        "\u202E",
        "\u00A0",
        "\0",
        "\r\n",
        "\\",
        "a b",
        "😀",
        "\uD83D",
        "..",
        ";",
        "=",
        "&",
        "xn--",
        "x",
        "\uFFFE",
        "|",
        "\"",
        "<",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Arbitrary<string> Urls =>
        Gen.Zip(Gen.Elements(Parts), Gen.ListOf(Gen.Elements(Parts)))
            .Select(parts => parts.Item1 + string.Concat(parts.Item2))
            .ToArbitrary();

    [Fact]
    public void An_accepted_target_has_a_Location_of_visible_ASCII_at_the_same_host()
    {
        var accepted = 0;
        // Every second one begins as an address does: of parts alone hardly any is one.
        var urls = Gen.Zip(Gen.Elements("", "https://example.com/", "http://예시.한국"), Urls.Generator)
            .Select(parts => parts.Item1 + parts.Item2)
            .ToArbitrary();
        Prop.ForAll(
                urls,
                url =>
                {
                    if (!Target.IsGood(url))
                    {
                        return true;
                    }
                    accepted++;
                    var location = Target.Location(url);
                    return location.All(letter => letter is > ' ' and <= '~')
                        && Uri.TryCreate(location, UriKind.Absolute, out var led)
                        && led.Scheme is "http" or "https"
                        && led.UserInfo.Length == 0
                        && led.IdnHost == new Uri(url).IdnHost
                        && Target.Location(location) == location;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
        Assert.True(accepted > 100, $"Only {accepted} were accepted.");
    }

    [Fact]
    public async Task A_slug_of_ones_own_is_taken_as_it_is_or_refused_as_malformed()
    {
        var letters = Gen.OneOf(
            Gen.Elements("abcXYZ019_-".ToCharArray()),
            Gen.Elements("é가/ .+%\0~".ToCharArray()),
            Gen.Elements("abcXYZ019_-".ToCharArray())
        );
        var slugs = Gen.Choose(1, 70).SelectMany(length => Gen.ArrayOf(letters, length)).Select(all => new string(all));
        var taken = 0;
        foreach (
            var slug in slugs
                .Sample(60)
                .Concat(Gen.Elements("abcXYZ019_-".ToCharArray()).ArrayOf(40).Sample(20).Select(all => new string(all)))
                .Distinct()
        )
        {
            var answer = await yard.Admin.Client.PostAsJsonAsync(
                "/api/v1/links",
                new { url = "https://example.com/", slug },
                Stop
            );
            if (!Slug.IsWellFormed(slug))
            {
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                continue;
            }
            taken++;
            Assert.Equal(slug, (await answer.Json(HttpStatusCode.Created)).Text("slug"));
            await yard.Anonymous.Follow(slug).Is(HttpStatusCode.PermanentRedirect);
        }
        Assert.True(taken > 10, $"Only {taken} were taken.");
    }

    [Fact]
    public async Task An_accepted_target_comes_back_byte_for_byte_and_is_followed()
    {
        var urls = Urls
            .Generator.Select(url => "https://example.com/" + url)
            .Sample(150)
            .Where(url => url.EnumerateRunes().All(rune => rune.Value != 0xFFFD))
            .Distinct();
        var accepted = 0;
        foreach (var url in urls)
        {
            var answer = await yard.Admin.Client.PostAsJsonAsync("/", new { url }, Stop);
            if (answer.StatusCode == HttpStatusCode.BadRequest)
            {
                Assert.False(Target.IsGood(url), url);
                continue;
            }
            accepted++;
            var made = await answer.Json(answer.StatusCode);
            Assert.Equal(url, made.Text("original_url"));
            var followed = await yard.Anonymous.Follow(made.Text("short_slug"));
            Assert.Equal(Target.Location(url), followed.Headers.NonValidated["Location"].ToString());
        }
        Assert.True(accepted > 5, $"Only {accepted} were accepted.");
    }

    [Fact]
    public void A_random_slug_is_seven_clear_letters_and_no_bad_word()
    {
        var slugs = Enumerable.Range(0, 20_000).Select(_ => Slug.Random()).ToList();

        Assert.All(slugs, slug => Assert.Matches("^[2-9A-HJ-NP-Za-hjkmnp-z]{7}$", slug));
        Assert.Equal(slugs.Count, slugs.Distinct().Count());
        Assert.DoesNotContain(slugs, Slug.IsBad);
        Assert.All(
            ["xxFuCkx", "5h1t5hit", "aTLQKFb", "s3xS3XSx", "BYEONGSIN", "xqudtls"],
            word => Assert.True(IsBad(word), word)
        );
        Assert.False(Slug.IsBad("autumn2"));
    }

    [Theory]
    [InlineData("https://www.Example.COM:8443/a?b", "example.com")]
    [InlineData("https://me:secret@example.com/", "example.com")]
    [InlineData("android-app://com.example.app/", "com.example.app")]
    [InlineData("http://[::1]:80/", "[::1]")]
    [InlineData("nonsense", "")]
    [InlineData("https://", "")]
    public void A_referrer_is_kept_as_its_host(string referer, string host) =>
        Assert.Equal(host, Visit.ReferrerOf(referer));

    [Theory]
    [InlineData("ko-KR,ko;q=0.9,en;q=0.8", "ko")]
    [InlineData("EN", "en")]
    [InlineData("fil-PH", "fil")]
    [InlineData("qx", "")]
    [InlineData("zzz", "")]
    [InlineData("korean", "")]
    [InlineData("*", "")]
    [InlineData(null, "")]
    public void A_visit_tells_the_first_language_that_was_asked_for_where_there_is_such_a_language(
        string? accept,
        string language
    ) => Assert.Equal(language, Languages.FirstOf(accept));

    [Fact]
    public void A_long_address_is_cut_between_its_letters()
    {
        Assert.Equal(new string('a', 89) + "…", LinkLook.Cut(new string('a', 89) + "😀 and more"));
        Assert.Equal(new string('a', 88) + "😀…", LinkLook.Cut(new string('a', 88) + "😀 and more"));
        Assert.Equal("example.com/가", LinkLook.Shortened("https://example.com/가/"));
        Assert.Equal("nonsense", LinkLook.Cut("nonsense"));
    }

    private static bool IsBad(string word) => Slug.IsBad(word.Replace('1', 'i'));
}
