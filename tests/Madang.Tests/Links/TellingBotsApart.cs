using Madang.Links.Counting;

namespace Madang.Tests.Links;

/// <summary>What a User-Agent says of who visits.</summary>
public sealed class TellingBotsApart
{
    [Theory]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        false,
        "Safari",
        "iOS",
        "mobile"
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 KAKAOTALK 11.1.0",
        false,
        "KakaoTalk",
        "Android",
        "mobile"
    )]
    [InlineData(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0",
        false,
        "Firefox",
        "macOS",
        "desktop"
    )]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
        false,
        "Edge",
        "Windows",
        "desktop"
    )]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", true, "", "", "")]
    [InlineData(
        "facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
        true,
        "",
        "",
        ""
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 10; SM-G977N Build/QP1A.190711.020; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/83.0.4103.106 Mobile Safari/537.36 DaumApps/7.6.0 DaumDevice/mobile",
        false,
        "Daum",
        "Android",
        "mobile"
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36",
        false,
        "Chrome",
        "Android",
        "mobile"
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1)",
        true,
        "Chrome",
        "Android",
        "mobile"
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 NAVER(inapp; search; 2000; 12.7.1; 15PRO)",
        false,
        "Naver",
        "iOS",
        "mobile"
    )]
    [InlineData(
        "Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/faq/15/4118.html?faqId=28966)",
        true,
        "",
        "",
        ""
    )]
    [InlineData("Mozilla/5.0 (compatible; Daumoa/4.0)", true, "", "", "")]
    [InlineData("curl/8.5.0", true, "", "", "")]
    [InlineData("", true, "", "", "")]
    public void A_browser_is_known_by_its_signs(
        string text,
        bool isBot,
        string browser,
        string system,
        string device
    ) => Assert.Equal(new(isBot, browser, system, device), UserAgents.Of(text));
}
