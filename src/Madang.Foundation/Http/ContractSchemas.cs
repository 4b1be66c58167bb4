using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Madang.Foundation.Http;

/// <summary>Puts the rules of our inputs into their schemas: what the description says is what is checked.</summary>
internal static class ContractSchemas
{
    internal static async Task Describe(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken stop
    )
    {
        var type = context.JsonTypeInfo.Type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Given<>))
        {
            type = type.GetGenericArguments()[0];
            (schema.Properties, schema.Required, schema.AdditionalProperties) = (null, null, null);
            schema.Type = JsonSchemaType.Null;
            var inner = await context.GetOrCreateSchemaAsync(Nullable.GetUnderlyingType(type) ?? type, null, stop);
            (schema.Type, schema.Format) = (inner.Type | JsonSchemaType.Null, inner.Format);
        }
        // Our own converters hide from the framework what these are on the wire.
        if (type == typeof(string) || type == typeof(Cursor))
        {
            schema.Type = JsonSchemaType.String | (IsNullable(context) ? JsonSchemaType.Null : 0);
            (schema.Properties, schema.Required) = (null, null);
        }
        else if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | (IsNullable(context) ? JsonSchemaType.Null : 0);
            schema.Format = "date-time";
        }
        if (typeof(IEnumerable<string>).IsAssignableFrom(type) && type != typeof(string))
        {
            schema.Type = JsonSchemaType.Array | (IsNullable(context) ? JsonSchemaType.Null : 0);
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        }
        foreach (var property in context.JsonTypeInfo.Properties.Where(IsAlwaysThere))
        {
            (schema.Required ??= new HashSet<string>()).Add(property.Name);
        }
        if (context.JsonPropertyInfo?.AttributeProvider is { } provider)
        {
            Apply(schema, provider.GetCustomAttributes(typeof(RuleAttribute), true));
        }
    }

    /// <summary>Of an answer all fields are always present, null when empty; of an input those that are needed.</summary>
    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        property.DeclaringType.Name.EndsWith("Input", StringComparison.Ordinal)
            ? !typeof(IGiven).IsAssignableFrom(property.PropertyType)
                && property.AttributeProvider?.IsDefined(typeof(NeededAttribute), true) == true
            : property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), true) != true;

    private static bool IsNullable(OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo is { } property
        && (property.IsGetNullable || typeof(IGiven).IsAssignableFrom(property.PropertyType));

    /// <summary>Writes rules into the schema of the field that they are about.</summary>
    internal static void Apply(OpenApiSchema schema, object[] rules)
    {
        foreach (var rule in rules)
        {
            switch (rule)
            {
                case LongestAttribute longest:
                    schema.MaxLength = longest.Most;
                    break;
                case BetweenAttribute between:
                    schema.Minimum = between.Least.ToString(CultureInfo.InvariantCulture);
                    schema.Maximum = between.Most.ToString(CultureInfo.InvariantCulture);
                    break;
                case OneOfAttribute oneOf:
                    schema.Enum = [.. oneOf.Words.Select(word => (JsonNode)word)];
                    break;
                case EmailAttribute email:
                    schema.Format = email.Format;
                    schema.MaxLength = 254;
                    break;
                case RuleAttribute { Format: { } format }:
                    schema.Format = format;
                    break;
                case NeededAttribute or NotNullAttribute:
                    schema.Type &= ~JsonSchemaType.Null;
                    break;
            }
        }
    }
}
