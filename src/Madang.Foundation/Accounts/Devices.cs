using System.Text.RegularExpressions;
using Madang.Foundation.Web;

namespace Madang.Foundation.Accounts;

/// <summary>What a User-Agent says of a device, in words for people: “Firefox on Windows”.</summary>
internal static partial class Devices
{
    /// <summary>Most browsers name others whose pages they want too, so the first that fits is the one.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Whale/", "Whale"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("KAKAOTALK", "KakaoTalk"),
        ("NAVER(", "Naver"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Vivaldi/", "Vivaldi"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];

    /// <returns>The device in the language of the request; a program by its own name.</returns>
    internal static string Name(string? agent)
    {
        if (agent is null or "")
        {
            return FrameWords.Say["device.unknown"];
        }
        if (!agent.StartsWith("Mozilla/", StringComparison.Ordinal))
        {
            return Product().Match(agent) is { Success: true } product
                ? product.Value
                : FrameWords.Say["device.unknown"];
        }
        return (Find(Browsers, agent), Find(Systems, agent)) switch
        {
            ({ } browser, { } system) => FrameWords.Say.Format("device.browser_on", browser, system),
            ({ } browser, null) => browser,
            (null, { } system) => system,
            _ => FrameWords.Say["device.unknown"],
        };
    }

    private static string? Find((string Mark, string Name)[] known, string agent) =>
        known.FirstOrDefault(one => agent.Contains(one.Mark, StringComparison.Ordinal)).Name;

    /// <summary>The name of a product (RFC 9110, 10.1.5), such as <c>curl</c>; its version tells people nothing.</summary>
    [GeneratedRegex(@"^[A-Za-z][\w.+-]{0,39}(?=/|\s|$)", RegexOptions.ECMAScript)]
    private static partial Regex Product();
}
