using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;

namespace Madang.Memos.Rendering;

/// <summary>The tasks of a memo, which are nothing but <c>[ ]</c> and <c>[x]</c> at the beginning of list items in its text.</summary>
internal static class MemoTasks
{
    private const int LengthOfFingerprint = 9;

    /// <returns>The text with its nth task, counted from 1, ticked or not; null when there is no such task.</returns>
    internal static string? Set(string text, int number, bool isDone)
    {
        var task = MemoMarkdown.Parse(text)?.Descendants<TaskList>().Where(IsTask).ElementAtOrDefault(number - 1);
        var at = task?.Span.Start ?? -1;
        return at >= 0 && at + 2 < text.Length && text[at] == '[' && text[at + 2] == ']'
            ? string.Concat(text.AsSpan(0, at + 1), isDone ? "x" : " ", text.AsSpan(at + 2))
            : null;
    }

    /// <summary>Only what begins an item is a task; elsewhere the brackets are text.</summary>
    internal static bool IsTask(TaskList task) =>
        task.PreviousSibling is null
        && task.Parent?.ParentBlock is ParagraphBlock { Parent: ListItemBlock item } paragraph
        && item[0] == paragraph;

    /// <returns>
    /// What a text is known by, ticks aside: who ticks one task on a page where another has been ticked meanwhile still means the same
    /// text, who sees another text doesn't.
    /// </returns>
    internal static string Fingerprint(string text)
    {
        var plain = text.Replace("[x]", "[ ]", StringComparison.Ordinal)
            .Replace("[X]", "[ ]", StringComparison.Ordinal);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(plain)).AsSpan(0, LengthOfFingerprint));
    }
}
