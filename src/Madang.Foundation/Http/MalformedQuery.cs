using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Madang.Foundation.Http;

/// <summary>
/// Finds the value of a query that could not be read. The code that the framework writes for a route when the program is built only
/// sets the status to 400 then, leaves the value out and goes on to the route's filters.
/// </summary>
internal static class MalformedQuery
{
    private static readonly MethodInfo Parser = typeof(MalformedQuery).GetMethod(
        nameof(CanParse),
        BindingFlags.NonPublic | BindingFlags.Static
    )!;

    /// <returns>Whether the request's query holds a value that its route could not read.</returns>
    internal static bool IsIn(HttpContext http) => http.Response.StatusCode == StatusCodes.Status400BadRequest;

    /// <returns>The value's name, or null when it is none of the query's.</returns>
    internal static string? Name(HttpContext http) =>
        http.GetEndpoint()!
            .Metadata.OfType<IParameterBindingMetadata>()
            .Where(parameter => parameter.HasTryParse && !http.Request.RouteValues.ContainsKey(parameter.Name))
            .Select(parameter =>
                (
                    Name: parameter
                        .ParameterInfo.GetCustomAttributes()
                        .OfType<IFromQueryMetadata>()
                        .Select(query => query.Name)
                        .FirstOrDefault()
                        ?? parameter.Name,
                    Type: parameter.ParameterInfo.ParameterType
                )
            )
            .FirstOrDefault(parameter =>
                // Twice the same name is read as both values with a comma between, which is no number.
                http.Request.Query[parameter.Name].ToString()
                    is { Length: > 0 } text
                && !(bool)
                    Parser
                        .MakeGenericMethod(Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type)
                        .Invoke(null, [text])!
            )
            .Name;

    private static bool CanParse<T>(string text)
        where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out _);
}
