using System.Collections.Concurrent;

namespace Madang.Links.Counting;

/// <summary>What a User-Agent says of who visits. Names are stable: they are kept in the statistics.</summary>
/// <param name="IsBot">Whether a program visits, not a person.</param>
/// <param name="Browser">The browser, or empty.</param>
/// <param name="System">The operating system, or empty.</param>
/// <param name="Device"><c>desktop</c>, <c>mobile</c>, <c>tablet</c>, or empty.</param>
internal sealed record Agent(bool IsBot, string Browser, string System, string Device);

/// <summary>
/// Reads User-Agents by the signs that browsers and bots put there. The first sign that is found counts, so those that imitate
/// others stand before them: nearly everybody says Safari, and Edge says Chrome too.
/// </summary>
internal static class UserAgents
{
    /// <summary>So many different ones are remembered: there are few in use, and strange ones must not fill the memory.</summary>
    private const int Most = 4_096;

    private const int LongestRemembered = 512;

    private static readonly Agent Nobody = new(true, "", "", "");

    private static readonly (string Sign, string Name)[] Browsers =
    [
        ("KAKAOTALK", "KakaoTalk"),
        ("NAVER(inapp", "Naver"),
        ("DaumApps/", "Daum"),
        ("Instagram", "Instagram"),
        ("FBAN", "Facebook"),
        ("FBAV", "Facebook"),
        ("Line/", "Line"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Whale/", "Whale"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Vivaldi", "Vivaldi"),
        ("YaBrowser", "Yandex"),
        ("FxiOS", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Trident/", "Internet Explorer"),
        ("MSIE ", "Internet Explorer"),
        ("Version/", "Safari"),
        ("Safari/", "Safari"),
        ("AppleWebKit", "Safari"),
    ];

    private static readonly (string Sign, string Name)[] Systems =
    [
        ("Windows", "Windows"),
        ("iPad", "iPadOS"),
        ("iPhone", "iOS"),
        ("iPod", "iOS"),
        ("Android", "Android"),
        ("Mac OS X", "macOS"),
        ("Macintosh", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
        ("FreeBSD", "FreeBSD"),
    ];

    private const string BotInName = "bot";

    /// <summary>Besides <see cref="BotInName"/>.</summary>
    private static readonly string[] Bots =
    [
        "crawl",
        "spider",
        "slurp",
        "facebookexternalhit",
        "kakaotalk-scrap",
        "yeti/",
        // Daum's crawler, by its name of today and by its page; the app of Daum is a browser of people.
        "daumoa",
        "cs.daum.net",
        "preview",
        "fetch",
        "monitor",
        "scrap",
        "headless",
        "lighthouse",
        "whatsapp/",
        "embedly",
        "pinterest/0",
        "curl/",
        "wget/",
        "httpie",
        "python",
        "java/",
        "okhttp",
        "go-http-client",
        "node-fetch",
        "axios",
        "libwww",
        "ruby",
        "perl",
        "postman",
        "insomnia",
        "apache-httpclient",
    ];

    private static readonly ConcurrentDictionary<string, Agent> Known = new(StringComparer.Ordinal);

    internal static Agent Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Nobody;
        }
        if (Known.TryGetValue(text, out var known))
        {
            return known;
        }
        var agent = Read(text);
        if (text.Length <= LongestRemembered)
        {
            if (Known.Count >= Most)
            {
                Known.Clear();
            }
            Known[text] = agent;
        }
        return agent;
    }

    private static Agent Read(string text)
    {
        var browser = First(Browsers, text);
        var system = First(Systems, text);
        // People's browsers have called themselves Mozilla since 1994, and so do some bots; other programs say what they are.
        var isBot =
            !text.StartsWith("Mozilla/", StringComparison.Ordinal)
                && !text.StartsWith("Opera/", StringComparison.Ordinal)
            || HasBot(text)
            || Bots.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase));
        return new(isBot, browser, system, DeviceOf(text, system));
    }

    /// <summary>Not in Cubot, which makes telephones.</summary>
    private static bool HasBot(string text)
    {
        for (
            var at = text.IndexOf(BotInName, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = text.IndexOf(BotInName, at + 1, StringComparison.OrdinalIgnoreCase)
        )
        {
            if (!text.AsSpan(0, at).EndsWith("cu", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static string DeviceOf(string text, string system) =>
        system switch
        {
            "iPadOS" => "tablet",
            "iOS" => "mobile",
            "Android" => text.Contains("Mobile", StringComparison.Ordinal) ? "mobile" : "tablet",
            "" => "",
            _ => "desktop",
        };

    private static string First((string Sign, string Name)[] signs, string text)
    {
        foreach (var (sign, name) in signs)
        {
            if (text.Contains(sign, StringComparison.Ordinal))
            {
                return name;
            }
        }
        return "";
    }
}
