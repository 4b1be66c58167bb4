using Madang.Foundation.Data;
using Madang.Foundation.Going;

namespace Madang.Memos.Reading;

/// <summary>Memos in the search over all rooms: one's own, then the team's.</summary>
internal sealed class MemoSearch(MemoLists memos) : ISearchSource
{
    private const int LongestTitle = 120;

    public async Task<IReadOnlyList<FoundThing>> Search(string sought, long reader, int most, CancellationToken stop)
    {
        var mine = await memos.List(new MemoFilter(Query: sought), reader, null, most, stop);
        var team =
            mine.Count >= most
                ? []
                : await memos.List(new MemoFilter(IsTeam: true, Query: sought), reader, null, most, stop);
        return [.. mine.Concat(team).DistinctBy(memo => memo.Id).Take(most).Select(memo => Found(memo, sought))];
    }

    private static FoundThing Found(Memo memo, string sought)
    {
        var kind = memo.Visibility == Visibility.Team ? "memos.team" : "memos.one";
        return new($"/memos/{memo.Id}", Title(memo.Text, Fold.Key(sought)), MemosWords.Say[kind], "memo");
    }

    /// <returns>The first line that holds what was sought, else the first that says something.</returns>
    private static string Title(string text, string key)
    {
        var lines = text.Split('\n')
            .Select(line => line.Trim(' ', '\t', '#', '>', '-', '*'))
            .Where(line => line.Length > 0);
        var first = "";
        foreach (var line in lines)
        {
            if (Fold.Key(line).Contains(key, StringComparison.Ordinal))
            {
                return Cut(line);
            }
            first = first.Length == 0 ? line : first;
        }
        return Cut(first);
    }

    private static string Cut(string line)
    {
        if (line.Length <= LongestTitle)
        {
            return line;
        }
        var end = char.IsHighSurrogate(line[LongestTitle - 1]) ? LongestTitle - 1 : LongestTitle;
        return line[..end] + "…";
    }
}
