using System.Text;
using System.Text.RegularExpressions;

namespace Madang.Tests.Yards;

/// <summary>A mail as it came, its headers decoded (RFC 2047) and its parts too (RFC 2045).</summary>
public sealed partial record Letter(
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<(string Type, string Body)> Parts
)
{
    public string Subject => Headers["Subject"];

    public string Text => Parts.Single(part => part.Type == "text/plain").Body;

    public string Html => Parts.Single(part => part.Type == "text/html").Body;

    /// <summary>The one link in it, as it stands in the plain text; the HTML must have the same.</summary>
    public Uri Link
    {
        get
        {
            var link = Assert.Single(Url().Matches(Text)).Value;
            Assert.Contains($"href=\"{link}\"", Html, StringComparison.Ordinal);
            return new Uri(link);
        }
    }

    /// <summary>The token of its link.</summary>
    public string Token => Link.Query["?token=".Length..];

    public static Letter Read(string raw)
    {
        var (headers, body) = Split(raw.ReplaceLineEndings("\n"));
        var boundary = Boundary().Match(headers["Content-Type"]).Groups[1].Value;
        var parts =
            from part in body.Split($"--{boundary}")[1..^1]
            let split = Split(part.TrimStart('\n'))
            let type = split.Headers["Content-Type"]
            select (type.Split(';')[0], Decode(split.Body, split.Headers["Content-Transfer-Encoding"]));
        return new(
            headers.ToDictionary(
                one => one.Key,
                one => Word().Replace(one.Value, Decode),
                StringComparer.OrdinalIgnoreCase
            ),
            [.. parts]
        );
    }

    private static (Dictionary<string, string> Headers, string Body) Split(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Fold().Replace(text[..end], " ").Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.TryAdd(line[..colon], line[(colon + 1)..].Trim());
        }
        return (headers, text[(end + 2)..]);
    }

    private static string Decode(string body, string encoding) =>
        encoding.ToUpperInvariant() switch
        {
            "BASE64" => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
            "QUOTED-PRINTABLE" => Printable(body.Replace("=\n", "", StringComparison.Ordinal)),
            _ => body,
        };

    private static string Decode(Match word) =>
        word.Groups["kind"].Value is "B" or "b"
            ? Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["text"].Value))
            : Printable(word.Groups["text"].Value.Replace('_', ' '));

    private static string Printable(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '=')
            {
                bytes.Add(Convert.ToByte(text.Substring(at + 1, 2), 16));
                at += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[at]]));
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"https?://[^\s""]+")]
    private static partial Regex Url();

    [GeneratedRegex("boundary=\"?([^\";]+)")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"\n[ \t]+")]
    private static partial Regex Fold();

    /// <summary>An encoded word; the white space between two of them counts for nothing.</summary>
    [GeneratedRegex(@"=\?utf-8\?(?<kind>[BbQq])\?(?<text>[^?]*)\?=(\s+(?==\?))?", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
