using System.Text;
using Madang.Links.Titles;

namespace Madang.Tests.Links;

/// <summary>Pages that are made to keep a processor busy: each is read through once.</summary>
public sealed class TitlesOfPages
{
    /// <summary>Read by their square each takes minutes; read through once, milliseconds.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Hostile =>
        [
            Repeated("<meta", 25_000) + new string('a', 125_000) + ">",
            Repeated("<meta ", 20_000) + new string('a', 125_000) + ">",
            Repeated("<meta " + new string('a', 4_080) + ">", 60),
            "<meta " + new string('a', 250_000) + ">",
            Repeated("<meta a=\"", 25_000),
            Repeated("<title>", 37_000),
            Repeated("<title ", 37_000),
            Repeated("<title></titl", 20_000),
            Repeated("<script>", 32_000),
            Repeated("<!--", 64_000),
            Repeated("<", 256_000),
        ];

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public async Task A_page_without_a_title_that_has_ever_so_many_beginnings_of_one_is_soon_read(string page)
    {
        // Longer than any that is read: so it tells even of a search that is done for each beginning anew, but quickly.
        var bytes = Encoding.UTF8.GetBytes(Repeated(page, 16));
        var reading = Task.Run(() => PageTitle.In(bytes, "utf-8"));
        Assert.Null(await reading.WaitAsync(Hang, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_tag_that_is_too_long_is_passed_over_and_what_comes_behind_it_is_read()
    {
        var text =
            $"<meta property=og:title content='{new string('a', 5_000)}'><meta name=og:title content=뒤><titles>";
        Assert.Equal("뒤", PageTitle.In(Encoding.UTF8.GetBytes(text), "utf-8"));
        Assert.Equal("제목", PageTitle.In(Encoding.UTF8.GetBytes(text + "<title\n>제목</title>"), "utf-8"));
    }

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
