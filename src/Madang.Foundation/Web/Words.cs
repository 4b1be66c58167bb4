using System.Globalization;
using System.Resources;

namespace Madang.Foundation.Web;

/// <summary>
/// The sentences of one room, from its <c>Resources/Words.ko.resx</c> and <c>Words.en.resx</c>, in the language of the request
/// (<see cref="CultureInfo.CurrentUICulture"/>).
/// </summary>
/// <param name="room">Any type of the room's assembly, in the room's root namespace.</param>
public sealed class Words(Type room)
{
    private readonly ResourceManager resources = new($"{room.Namespace}.Resources.Words", room.Assembly);

    /// <summary>The sentence in the language of the request.</summary>
    /// <exception cref="KeyNotFoundException">No such sentence.</exception>
    public string this[string key] => In(CultureInfo.CurrentUICulture, key);

    /// <summary>The sentence with its places filled in.</summary>
    /// <exception cref="KeyNotFoundException">No such sentence.</exception>
    public string Format(string key, params object?[] values) =>
        string.Format(CultureInfo.CurrentCulture, this[key], values);

    /// <summary>The sentence in one language, whatever the request's.</summary>
    /// <exception cref="KeyNotFoundException">No such sentence.</exception>
    public string In(CultureInfo language, string key) =>
        Find(key, language) ?? throw new KeyNotFoundException($"No word '{key}' in {resources.BaseName}.");

    /// <returns>The sentence, or null when there is none.</returns>
    public string? Find(string key, CultureInfo? language = null) =>
        resources.GetString(key, language ?? CultureInfo.CurrentUICulture);
}
