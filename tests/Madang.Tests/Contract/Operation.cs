using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Madang.Tests.Yards;

namespace Madang.Tests.Contract;

/// <summary>One operation, as the OpenAPI document of a running server describes it.</summary>
public sealed record Operation(
    HttpMethod Method,
    string Path,
    JsonElement? Body,
    IReadOnlyList<JsonElement> Parameters,
    IReadOnlySet<int> Statuses,
    JsonElement Document
)
{
    /// <summary>The fields of its JSON body, with their schemas.</summary>
    public IEnumerable<(string Name, JsonElement Schema)> Fields =>
        Body is { } body && body.TryGetProperty("properties", out var fields)
            ? fields.EnumerateObject().Select(one => (one.Name, Resolve(one.Value)))
            : [];

    public bool IsNeeded(string field) =>
        Body!.Value.TryGetProperty("required", out var needed)
        && needed.EnumerateArray().Any(name => name.GetString() == field);

    /// <returns>Every operation that the document names.</returns>
    public static async Task<IReadOnlyList<Operation>> All(Yard yard, CancellationToken stop)
    {
        var document = await yard.Anonymous.GetFromJsonAsync<JsonElement>("/openapi/v1.json", stop);
        return
        [
            .. document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject().Select(method => Of(path.Name, method.Name, method.Value, document))
                ),
        ];
    }

    /// <returns>A body that breaks no rule of the schema.</returns>
    public JsonObject GoodBody()
    {
        var body = new JsonObject();
        foreach (var (name, schema) in Fields.Where(field => IsNeeded(field.Name)))
        {
            // Of a thing that isn't there: what one request finds, the next must find as well.
            body[name] = name.EndsWith("_id", StringComparison.Ordinal) ? 987654321 : Good(schema);
        }
        return body;
    }

    /// <returns>The URL with ids of things that don't exist, and this query.</returns>
    public string Url(string query = "") =>
        Path.Replace("{id}", "987654321", StringComparison.Ordinal)
            .Replace("{slug}", "nothing-is-here", StringComparison.Ordinal)
            .Replace("{host}", "nothing.example", StringComparison.Ordinal) + query;

    public override string ToString() => $"{Method} {Path}";

    internal static bool Is(JsonElement schema, string type) =>
        schema.TryGetProperty("type", out var types)
        && (
            types.ValueKind == JsonValueKind.Array
                ? types.EnumerateArray().Any(one => one.GetString() == type)
                : types.GetString() == type
        );

    private static JsonNode Good(JsonElement schema) =>
        schema switch
        {
            _ when schema.TryGetProperty("enum", out var words) => JsonNode.Parse(words[0].GetRawText())!,
            _ when schema.TryGetProperty("format", out var format) && format.GetString() == "email" =>
                "good@example.com",
            _ when schema.TryGetProperty("format", out var format) && format.GetString() == "isbn" => "9791190090018",
            _ when schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" =>
                "2024-10-01T00:00:00Z",
            _ when Is(schema, "array") => schema.TryGetProperty("items", out var items) && Is(items, "string")
                ? new JsonArray("memos:read")
                : new JsonArray(),
            _ when Is(schema, "boolean") => true,
            _ when Is(schema, "integer") => 1,
            _ => "good enough 12",
        };

    private static Operation Of(string path, string method, JsonElement operation, JsonElement document)
    {
        // A body that isn't JSON, such as a picture, has tests of its own.
        JsonElement? body =
            operation.TryGetProperty("requestBody", out var request)
            && request.GetProperty("content").TryGetProperty("application/json", out var json)
                ? json.GetProperty("schema")
                : null;
        var parameters = operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToList() : [];
        var statuses = operation.GetProperty("responses").EnumerateObject();
        var made = new Operation(
            HttpMethod.Parse(method),
            path,
            null,
            parameters,
            statuses
                .Select(status => int.Parse(status.Name, System.Globalization.CultureInfo.InvariantCulture))
                .ToHashSet(),
            document
        );
        return body is { } schema ? made with { Body = made.Resolve(schema) } : made;
    }

    private JsonElement Resolve(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference)
            ? Document
                .GetProperty("components")
                .GetProperty("schemas")
                .GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;
}
