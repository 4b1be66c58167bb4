namespace Madang.Tests.House;

/// <summary>An interpolated string of a C# source.</summary>
/// <param name="Text">What stands between its quotes.</param>
/// <param name="Holes">The expressions in it.</param>
internal sealed record Interpolation(string Text, IReadOnlyList<string> Holes)
{
    /// <summary>Finds those of a source, those within holes too. Verbatim and multi-dollar strings, which SQL never is in, are passed over.</summary>
    internal static IEnumerable<Interpolation> In(string source)
    {
        for (var at = 0; at < source.Length; at++)
        {
            if (IsComment(source, at))
            {
                at = source.IndexOf('\n', at);
                if (at < 0)
                {
                    yield break;
                }
            }
            else if (source[at] == '"' && Quotes(source, at) != 2)
            {
                var isHoled = at > 0 && source[at - 1] == '$' && (at < 2 || source[at - 2] != '$');
                var (end, found) = ReadString(source, at, isHoled);
                if (isHoled)
                {
                    yield return found;
                    foreach (var inner in found.Holes.SelectMany(In))
                    {
                        yield return inner;
                    }
                }
                at = end - 1;
            }
            else if (source[at] == '"')
            {
                at++;
            }
            else if (source[at] == '\'')
            {
                at = EndOfCharacter(source, at);
            }
        }
    }

    /// <returns>The place after the string, and what was in it.</returns>
    private static (int End, Interpolation Found) ReadString(string source, int start, bool isHoled)
    {
        var fence = Quotes(source, start);
        var holes = new List<string>();
        var at = start + fence;
        while (at < source.Length)
        {
            if (Quotes(source, at) >= fence)
            {
                return (at + fence, new(source[(start + fence)..at], holes));
            }
            if (fence == 1 && source[at] == '\\')
            {
                at += 2;
            }
            else if (isHoled && source[at] == '{' && source[at + 1] == '{')
            {
                at += 2;
            }
            else if (isHoled && source[at] == '{')
            {
                var end = EndOfHole(source, at);
                holes.Add(source[(at + 1)..end].Trim());
                at = end + 1;
            }
            else
            {
                at++;
            }
        }
        throw new InvalidDataException(
            $"A string without an end: {source[start..Math.Min(start + 60, source.Length)]}"
        );
    }

    private static int EndOfHole(string source, int at)
    {
        var depth = 0;
        while (true)
        {
            switch (source[at])
            {
                case '{':
                    depth++;
                    break;
                case '}' when --depth == 0:
                    return at;
                case '"' when Quotes(source, at) == 2:
                    at++;
                    break;
                case '"':
                    at = ReadString(source, at, source[at - 1] == '$').End - 1;
                    break;
                case '\'':
                    at = EndOfCharacter(source, at);
                    break;
            }
            at++;
        }
    }

    private static int EndOfCharacter(string source, int at) =>
        source.IndexOf('\'', source[at + 1] == '\\' ? at + 3 : at + 2);

    private static bool IsComment(string source, int at) =>
        source[at] == '/' && at + 1 < source.Length && source[at + 1] == '/';

    private static int Quotes(string source, int at)
    {
        var count = 0;
        while (at + count < source.Length && source[at + count] == '"')
        {
            count++;
        }
        return count;
    }
}
