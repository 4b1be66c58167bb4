namespace Madang.Foundation.Moving;

/// <summary>What a browser calls the file that it sends, which may be anything.</summary>
public static class UploadName
{
    private const int MostLetters = 200;

    /// <returns>The name without its folders and without what can't be shown: at most 200 letters.</returns>
    public static string Of(string given) => Clean(Path.GetFileName(given));

    /// <returns>The same of a text that is no path.</returns>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = string.Concat(
            text.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter) && letter != '\uFFFE')
        );
        return clean.Length > MostLetters ? clean[..MostLetters] : clean;
    }
}
