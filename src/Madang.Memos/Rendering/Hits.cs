using System.Globalization;
using System.Net;
using System.Text;
using Madang.Foundation.Data;

namespace Madang.Memos.Rendering;

/// <summary>
/// Marks what was searched for in HTML of ours, folded as the search folds (<see cref="Fold.Key"/>). It looks at text only, whole
/// paragraphs at once, so that a hit may go through emphasis, and never at tags.
/// </summary>
internal static class Hits
{
    /// <summary>Tags that stand within running text; all others end it.</summary>
    private static readonly HashSet<string> Running = ["em", "strong", "del", "code", "a", "span"];

    /// <param name="html">HTML as <see cref="MemoHtml"/> writes it.</param>
    /// <param name="key">The folded query, not empty.</param>
    internal static string Mark(string html, string key)
    {
        var marked = new StringBuilder(html.Length + 64);
        var run = new List<(bool IsTag, string Text)>();
        for (var at = 0; at < html.Length; )
        {
            if (html[at] != '<')
            {
                var next = html.IndexOf('<', at);
                next = next < 0 ? html.Length : next;
                run.Add((false, WebUtility.HtmlDecode(html[at..next])));
                at = next;
                continue;
            }
            var end = EndOfTag(html, at);
            var tag = html[at..end];
            run.Add((true, tag));
            if (!Running.Contains(NameOf(tag)))
            {
                Flush(run, key, marked);
            }
            at = end;
        }
        Flush(run, key, marked);
        return marked.ToString();
    }

    private static void Flush(List<(bool IsTag, string Text)> run, string key, StringBuilder marked)
    {
        var text = string.Concat(run.Where(piece => !piece.IsTag).Select(piece => piece.Text));
        var hits = Find(text, key);
        var (place, hit) = (0, 0);
        foreach (var (isTag, piece) in run)
        {
            if (isTag)
            {
                marked.Append(piece);
                continue;
            }
            for (var end = place + piece.Length; place < end; )
            {
                while (hit < hits.Count && hits[hit].End <= place)
                {
                    hit++;
                }
                var isIn = hit < hits.Count && hits[hit].Start <= place;
                var stop = Math.Min(
                    end,
                    hit >= hits.Count ? end
                        : isIn ? hits[hit].End
                        : hits[hit].Start
                );
                marked.Append(isIn ? "<mark>" : "");
                MemoHtml.Escape(marked, text.AsSpan(place, stop - place));
                marked.Append(isIn ? "</mark>" : "");
                place = stop;
            }
        }
        run.Clear();
    }

    private static List<(int Start, int End)> Find(string text, string key)
    {
        var hits = new List<(int, int)>();
        var (folded, places) = Folded(text);
        for (
            var at = folded.IndexOf(key, StringComparison.Ordinal);
            at >= 0;
            at = folded.IndexOf(key, at + key.Length, StringComparison.Ordinal)
        )
        {
            var last = at + key.Length - 1;
            hits.Add(places is null ? (at, last + 1) : (places[at].Start, places[last].End));
        }
        return hits;
    }

    /// <returns>The folded text, and of each of its characters where it came from; null where nothing moved.</returns>
    private static (string Folded, List<(int Start, int End)>? Places) Folded(string text)
    {
        if (text.All(letter => letter is < '\u0080' or (>= '\uAC00' and <= '\uD7A3')))
        {
            return (Fold.Key(text), null);
        }
        var folded = new StringBuilder(text.Length);
        var places = new List<(int, int)>(text.Length);
        for (var at = 0; at < text.Length; )
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            var element = Fold.Key(text.Substring(at, length));
            folded.Append(element);
            foreach (var _ in element)
            {
                places.Add((at, at + length));
            }
            at += length;
        }
        return (folded.ToString(), places);
    }

    /// <returns>The place after a tag; what stands in quotes does not end it.</returns>
    private static int EndOfTag(string html, int at)
    {
        var isQuoted = false;
        for (; at < html.Length; at++)
        {
            isQuoted ^= html[at] == '"';
            if (html[at] == '>' && !isQuoted)
            {
                return at + 1;
            }
        }
        return at;
    }

    private static string NameOf(string tag)
    {
        var name = tag.AsSpan().TrimStart("</");
        var end = name.IndexOfAny(" >");
        return name[..(end < 0 ? name.Length : end)].ToString();
    }
}
