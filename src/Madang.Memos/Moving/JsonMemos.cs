using System.Text.Json;
using Madang.Foundation.Moving;

namespace Madang.Memos.Moving;

/// <summary>
/// The memos of a JSON text: of our own export, or as usememos' API lists them. One memo is in memory at a time. Several texts may
/// follow one another, as when the pages of a list are saved into one file.
/// </summary>
internal static class JsonMemos
{
    internal static IEnumerable<IncomingItem> Read(Stream stream, string file, DateTimeOffset now)
    {
        var number = 0;
        foreach (var element in new JsonElements(stream, ["memos", "data"]).All())
        {
            number++;
            yield return Item(element, $"{file}#{number}", now);
        }
    }

    private static IncomingItem Item(JsonElement memo, string place, DateTimeOffset now)
    {
        try
        {
            return (memo.TryGetProperty("content", out _) ? Foreign(memo) : Own(memo)).Check(place, now);
        }
        catch (InvalidOperationException)
        {
            // A text that is not UTF-8, or holds half a character.
            return RawMemo.Bad(place, ImportFault.NotText);
        }
    }

    /// <summary>As <see cref="MovedMemo"/> is written.</summary>
    private static RawMemo Own(JsonElement memo) =>
        new()
        {
            Text = Text(memo, "text"),
            Visibility = Text(memo, "visibility"),
            Created = Text(memo, "created_at"),
            Updated = Text(memo, "updated_at"),
            Pinned = Text(memo, "pinned_at"),
            Archived = Text(memo, "archived_at"),
            IsDeleted = Text(memo, "deleted_at") is not null,
            OwnId = long.TryParse(Text(memo, "id"), out var id) ? id : null,
        };

    /// <summary>usememos: <c>name</c>, <c>state</c> and <c>createTime</c> since 0.22, <c>id</c>, <c>rowStatus</c> and <c>createdTs</c> before.</summary>
    private static RawMemo Foreign(JsonElement memo) =>
        new()
        {
            Text = Text(memo, "content"),
            Visibility = Text(memo, "visibility"),
            Created = Text(memo, "createTime") ?? Text(memo, "createdTs"),
            Updated = Text(memo, "updateTime") ?? Text(memo, "updatedTs"),
            Pinned = Text(memo, "pinned"),
            Archived = Text(memo, "state") == "ARCHIVED" || Text(memo, "rowStatus") == "ARCHIVED" ? "true" : null,
            Name = (Text(memo, "name") ?? Text(memo, "uid") ?? Text(memo, "id")) is { } name
                ? $"usememos {name[(name.LastIndexOf('/') + 1)..]}"
                : null,
        };

    private static string? Text(JsonElement memo, string name) =>
        memo.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                JsonValueKind.True => "true",
                _ => null,
            }
            : null;
}
