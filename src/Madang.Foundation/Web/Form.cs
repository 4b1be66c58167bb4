using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Web;

/// <summary>
/// A posted form: the same input and the same rules as the JSON call of the same name, its fields named alike. It keeps what was
/// typed, so that the page can show it again with what is wrong beside each field.
/// </summary>
public sealed class Form<T> : IForm
    where T : class
{
    private readonly IReadOnlyDictionary<string, string> typed;

    private Form(IReadOnlyDictionary<string, string> typed, T? input, Dictionary<string, string[]> errors) =>
        (this.typed, Input, Errors) = (typed, input, errors);

    /// <summary>The input, once there are no errors.</summary>
    public T? Input { get; }

    /// <inheritdoc />
    public IReadOnlyDictionary<string, string[]> Errors { get; private set; }

    /// <inheritdoc />
    public string? Failure { get; private set; }

    /// <inheritdoc />
    public int Status { get; private set; } = StatusCodes.Status400BadRequest;

    /// <inheritdoc />
    public string Typed(string field) => typed.GetValueOrDefault(field, "");

    /// <returns>The same form, with what an endpoint's rules found beyond the fields' own.</returns>
    public Form<T> With(Refused refused)
    {
        Errors = refused.Errors ?? Errors;
        Failure = refused.Errors is null ? refused.Sentence : null;
        Status = refused.StatusCode ?? StatusCodes.Status400BadRequest;
        return this;
    }

    /// <summary>Reads the form; the route checks its antiforgery token before anything is done with it.</summary>
    /// <exception cref="BadHttpRequestException">It is no form (415), or a broken one (400).</exception>
    public static async ValueTask<Form<T>?> BindAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var form = await Read(context);
        var typed = form.ToDictionary(field => field.Key, field => field.Value.ToString());
        var json = services.GetRequiredService<ContractJson>();
        var info = json.TypeInfo<T>();
        var fields = new JsonObject();
        foreach (var property in info.Properties)
        {
            if (property.PropertyType == typeof(IReadOnlyList<string>))
            {
                // Boxes of one name: those that are ticked.
                fields[property.Name] = new JsonArray([.. form[property.Name].Select(one => JsonValue.Create(one))]);
            }
            else if (typed.TryGetValue(property.Name, out var value))
            {
                fields[property.Name] = Value(property.PropertyType, value);
            }
        }
        try
        {
            var input = fields.Deserialize(info)!;
            var errors = await services.GetRequiredService<InputCheck>().Errors(input, context.RequestAborted);
            return new(typed, errors.Count == 0 ? input : null, errors);
        }
        catch (JsonException error)
        {
            return new(typed, null, BadJson.Errors(error));
        }
    }

    private static async Task<IFormCollection> Read(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            throw new BadHttpRequestException("Not a form.", StatusCodes.Status415UnsupportedMediaType);
        }
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception error) when (IsBroken(error))
        {
            throw new BadHttpRequestException("A broken form.", StatusCodes.Status400BadRequest, error);
        }
    }

    /// <summary>What the framework throws at a form that breaks off, has too many fields, or isn't what its type says.</summary>
    internal static bool IsBroken(Exception error) =>
        error is InvalidDataException or IOException and not BadHttpRequestException;

    /// <summary>An empty choice of an optional field is null; a ticked box is true.</summary>
    private static JsonValue? Value(Type type, string value)
    {
        var inner =
            type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Given<>)
                ? type.GetGenericArguments()[0]
                : type;
        if (value.Length == 0)
        {
            return null;
        }
        return (Nullable.GetUnderlyingType(inner) ?? inner) == typeof(bool)
            ? JsonValue.Create(value is "true" or "on")
            : JsonValue.Create(value.ReplaceLineEndings("\n"));
    }
}

/// <summary>What a page shows of a posted form.</summary>
public interface IForm
{
    /// <summary>What is wrong with each field, by its name.</summary>
    IReadOnlyDictionary<string, string[]> Errors { get; }

    /// <summary>What is wrong with the whole, or null.</summary>
    string? Failure { get; }

    /// <summary>The status that the page answers with.</summary>
    int Status { get; }

    /// <returns>What was typed into a field, empty when nothing was.</returns>
    string Typed(string field);
}

/// <summary>Checks the antiforgery token of every form (OWASP, Cross-Site Request Forgery Prevention).</summary>
internal sealed class CheckToken(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await IsValid(context.HttpContext) ? await next(context) : Pages.Failure(StatusCodes.Status403Forbidden);

    private async Task<bool> IsValid(HttpContext http)
    {
        try
        {
            return http.Request.HasFormContentType && await antiforgery.IsRequestValidAsync(http);
        }
        catch (Exception error) when (Form<object>.IsBroken(error) || error is AntiforgeryValidationException)
        {
            // A form that can't be read carries no token.
            return false;
        }
    }
}
