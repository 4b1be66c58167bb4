using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Madang.Foundation.Http;

/// <summary>
/// A field of a PATCH: not given leaves the thing's own as it is, given replaces it, and given as null clears it, or is refused
/// where there is nothing to clear.
/// </summary>
public readonly record struct Given<T>(T? Value) : IGiven
{
    /// <summary>Whether the request has the field at all.</summary>
    public bool IsGiven { get; } = true;

    object? IGiven.Value => Value;

    /// <returns>The given value, or <paramref name="own"/> when the field is missing.</returns>
    public T Or(T own) => IsGiven ? Value! : own;
}

/// <summary>What <see cref="Given{T}"/> is to code that does not know its type.</summary>
public interface IGiven
{
    /// <summary>Whether the request has the field at all.</summary>
    bool IsGiven { get; }

    /// <summary>What it holds, null included.</summary>
    object? Value { get; }
}

internal sealed class GivenConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Given<>);

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(type.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Given<T>>
    {
        public override bool HandleNull => true;

        public override Given<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            // The converter itself and not the serializer, which would lose where in the text an error is.
            new(
                reader.TokenType == JsonTokenType.Null
                    ? default
                    : ((JsonConverter<T>)options.GetConverter(typeof(T))).Read(ref reader, typeof(T), options)
            );

        public override void Write(Utf8JsonWriter writer, Given<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, (JsonTypeInfo<T?>)options.GetTypeInfo(typeof(T)));
    }
}
