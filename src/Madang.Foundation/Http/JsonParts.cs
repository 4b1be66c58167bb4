using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Http;

/// <summary>Reads the parts of a body that holds many inputs, each by itself: what is wrong with one is no fault of the others.</summary>
public sealed class JsonParts(ContractJson json, InputCheck check)
{
    /// <returns>The input, or what is wrong with it, as a body of its own would be told.</returns>
    public async Task<(T? Input, Refused? Refused)> Read<T>(JsonElement part, CancellationToken stop)
        where T : class
    {
        Dictionary<string, string[]> errors;
        try
        {
            var input = part.Deserialize(json.TypeInfo<T>());
            errors = input is null ? [] : await check.Errors(input, stop);
            if (input is not null && errors.Count == 0)
            {
                return (input, null);
            }
        }
        catch (JsonException error)
        {
            errors = BadJson.Errors(error);
        }
        catch (InvalidOperationException)
        {
            // A text that holds half a character.
            errors = [];
        }
        return (null, new Refused(StatusCodes.Status400BadRequest) { Errors = errors.Count > 0 ? errors : null });
    }
}
