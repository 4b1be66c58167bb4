using Madang.Foundation.Http;
using Madang.Foundation.Web;

namespace Madang.Library;

/// <summary>The sentences of the room of the library.</summary>
internal static class LibraryWords
{
    internal static Words Say { get; } = new(typeof(LibraryWords));

    /// <summary>Bad input: 400 with the error of one field.</summary>
    internal static Refused Wrong(string field, string word) => Refused.Field(field, word, Say);
}
