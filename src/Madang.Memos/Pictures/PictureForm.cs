using Madang.Foundation.Files;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;

namespace Madang.Memos.Pictures;

/// <summary>Pictures that come with a form, for browsers without JavaScript: they are put at the end of the text.</summary>
internal static class PictureForm
{
    /// <summary>Bytes of such a form: four of the largest pictures, and a text.</summary>
    internal const long MostBytes = (4 * PictureFile.MostBytes) + (1024 * 1024);

    private const int LongestName = 80;

    /// <returns>The text with the form's pictures, or why one of them isn't kept.</returns>
    internal static async Task<(string Text, Refused? Refused)> AddTo(
        string text,
        HttpRequest request,
        PictureStore pictures,
        long owner,
        CancellationToken stop
    )
    {
        var lines = new List<string>();
        foreach (var file in request.Form.Files.Where(file => file.Name == "picture" && file.Length > 0))
        {
            await using var body = file.OpenReadStream();
            var (picture, refused) = await pictures.Keep(owner, body, stop);
            if (picture is null)
            {
                return (text, refused);
            }
            lines.Add($"![{NameOf(file.FileName)}]({picture.Url})");
        }
        var whole = lines.Count == 0 ? text : $"{text.TrimEnd()}\n\n{string.Join('\n', lines)}";
        return whole.Length <= Memo.LongestText
            ? (whole, null)
            : (text, new Refused(StatusCodes.Status400BadRequest, "memos.picture_no_room", MemosWords.Say));
    }

    /// <returns>What a file's name says of its picture; its folder and ending, and what means something in Markdown, go.</returns>
    internal static string NameOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file.Split('/', '\\')[^1]);
        var plain = string.Concat(
            name.Where(letter =>
                !char.IsControl(letter)
                && !char.IsSurrogate(letter)
                && letter is not ('[' or ']' or '\\' or '#' or '\uFFFE')
            )
        );
        return plain[..Math.Min(plain.Length, LongestName)].Trim();
    }
}
