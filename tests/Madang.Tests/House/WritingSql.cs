using System.Text.RegularExpressions;

namespace Madang.Tests.House;

/// <summary>Values reach the database as parameters, never within a text.</summary>
public sealed partial class WritingSql
{
    /// <summary>
    /// Methods that put a text together from constants only; their own holes are looked at like all others. <c>Quoted</c> and
    /// <c>QuotedList</c> pass nothing but names of the schema.
    /// </summary>
    private static readonly string[] Fragments =
    [
        "Tagged",
        "Searched",
        "Archived",
        "Scoped",
        "Others",
        "Ordered",
        "Pinned",
        "Within",
        "Places",
        "Kept",
        "Contained",
        "Matched",
        "Titled",
        "Written",
        "Quoted",
        "QuotedList",
    ];

    /// <summary>Names of constants on their way through those methods.</summary>
    private static readonly Dictionary<string, string[]> Passed = new()
    {
        ["src/Madang.Foundation/Moving/ImportRows.cs"] = ["table"],
        ["src/Madang.Foundation/Data/Sql.cs"] = ["text", "part", "column", "list"],
        ["src/Madang.Memos/Reading/MemoLists.cs"] = ["place", "after", "pinned", "others"],
    };

    [Fact]
    public void Every_hole_in_a_text_of_SQL_holds_a_constant()
    {
        var constants = Repository
            .Files("src", ".cs")
            .SelectMany(file => Constant().Matches(Repository.Read(file)))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();
        var wrong =
            from file in Repository.Files("src", ".cs")
            from found in Interpolation.In(Repository.Read(file))
            where Keyword().IsMatch(found.Text)
            from hole in found.Holes
            where !IsConstant(hole, [.. constants, .. Passed.GetValueOrDefault(file, [])])
            select $"{file}: {{{hole}}}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_text_of_SQL_is_added_together()
    {
        var wrong =
            from file in Repository.Files("src", ".cs")
            from Match match in Added().Matches(Repository.Read(file))
            select $"{file}: {match.Value}";

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("$\"SELECT {name} FROM things\"", false)]
    [InlineData("$\"SELECT {Columns} FROM things\"", true)]
    [InlineData("$\"SELECT {Store.Columns} FROM things {sql.For(\"\", \"FOR UPDATE\")}\"", true)]
    [InlineData("$\"SELECT 1 WHERE {sql.In(column, \"@list\")}\"", false)]
    [InlineData("$\"\"\"\n SELECT 1 FROM a {(isOld ? \"\" : Tagged(filter))}\n\"\"\"", true)]
    [InlineData("$\"\"\"\n SELECT 1 FROM a {(isOld ? \"\" : name)}\n\"\"\"", false)]
    [InlineData("$\"SELECT 1 FROM a {(isOld ? \"\" : $\"WHERE {name}\")}\"", false)]
    public void The_scan_tells_constants_from_values(string source, bool isFine) =>
        Assert.Equal(
            isFine,
            Interpolation.In(source).SelectMany(found => found.Holes).All(hole => IsConstant(hole, ["Columns"]))
        );

    private static bool IsConstant(string expression, IReadOnlyCollection<string> constants)
    {
        var hole = expression.Trim();
        if (hole.StartsWith('(') && hole.EndsWith(')'))
        {
            return IsConstant(hole[1..^1], constants);
        }
        if (Call().Match(hole) is { Success: true } call && Fragments.Contains(call.Groups[1].Value))
        {
            return true;
        }
        if (Choice().Match(hole) is { Success: true } choice)
        {
            return IsConstant(choice.Groups["yes"].Value, constants)
                && IsConstant(choice.Groups["no"].Value, constants);
        }
        // An interpolated string is looked at by itself.
        return Literal().IsMatch(hole)
            || hole.StartsWith("$\"", StringComparison.Ordinal)
            || DialectChoice().IsMatch(hole)
            || Ordered().IsMatch(hole)
            || (Name().IsMatch(hole) && constants.Contains(hole.Split('.')[^1]));
    }

    [GeneratedRegex(
        @"\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|AND|JOIN|ORDER BY|CREATE|DROP|ALTER|LIMIT)\b|\binstr\(|\bstrpos\(|\bANY \(| IN \{"
    )]
    private static partial Regex Keyword();

    [GeneratedRegex(@"const string (\w+)")]
    private static partial Regex Constant();

    [GeneratedRegex(
        """
            "[^"\n]*\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|JOIN|ORDER BY)\b[^"\n]*"\s*\+|\+\s*\$?"[^"\n]*\b(SELECT|FROM|WHERE|AND|JOIN|ORDER BY|LIMIT)\b
            """
    )]
    private static partial Regex Added();

    [GeneratedRegex("""^(?<if>[^"?]*) \? (?<yes>"[^"]*"|[\w.]+) : (?<no>.*)$""", RegexOptions.Singleline)]
    private static partial Regex Choice();

    [GeneratedRegex("""^"[^"]*"$""")]
    private static partial Regex Literal();

    [GeneratedRegex("""^sql\.(For|In|Contains)\(\s*"[^"]*",\s*"[^"]*"\s*\)$""")]
    private static partial Regex DialectChoice();

    /// <summary>The same constant place, turned around.</summary>
    [GeneratedRegex("""^place\.Replace\(",", " DESC,", StringComparison\.Ordinal\) \+ " DESC"$""")]
    private static partial Regex Ordered();

    [GeneratedRegex(@"^(\w+)\(.*\)$", RegexOptions.Singleline)]
    private static partial Regex Call();

    [GeneratedRegex(@"^\w+(\.\w+)*$")]
    private static partial Regex Name();
}
