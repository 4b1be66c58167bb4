using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Http;

/// <summary>
/// The body of a root route that small clients call. Unlike an ordinary input it is refused by the endpoint, which may
/// have something else to say first, and another <c>Content-Type</c> than JSON is just bad input.
/// </summary>
public sealed class JsonBody<T>
    where T : class
{
    private JsonBody(T? input, Refused? refused) => (Input, Refused) = (input, refused);

    /// <summary>The input, when there is nothing wrong with it.</summary>
    public T? Input { get; }

    /// <summary>What is wrong with it, or null.</summary>
    public Refused? Refused { get; }

    /// <summary>Reads and checks the body.</summary>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (!context.Request.HasJsonContentType())
        {
            return new(null, Bad([]));
        }
        try
        {
            var input = await JsonSerializer.DeserializeAsync(
                context.Request.Body,
                services.GetRequiredService<ContractJson>().TypeInfo<T>(),
                context.RequestAborted
            );
            var errors = input is null
                ? []
                : await services.GetRequiredService<InputCheck>().Errors(input, context.RequestAborted);
            return input is null || errors.Count > 0 ? new(null, Bad(errors)) : new(input, null);
        }
        catch (JsonException error)
        {
            return new(null, Bad(BadJson.Errors(error)));
        }
    }

    private static Refused Bad(Dictionary<string, string[]> errors) =>
        new(StatusCodes.Status400BadRequest) { Errors = errors.Count > 0 ? errors : null };
}
