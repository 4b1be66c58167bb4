using System.Text.Json;
using Madang.Foundation.Web;

namespace Madang.Foundation.Http;

/// <summary>Which field a JSON text fails at.</summary>
internal static class BadJson
{
    /// <returns>The error by the field's JSON name; empty when the text as a whole is no JSON object.</returns>
    internal static Dictionary<string, string[]> Errors(JsonException error) =>
        // "$.field", or "$" for the whole.
        error.Path
            is { Length: > 2 } path
            ? new() { [path[2..]] = [FrameWords.Say["rule.malformed"]] }
            : [];
}
