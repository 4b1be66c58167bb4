using System.Text.Json;
using System.Text.Json.Serialization;
using Madang.Foundation.Data;

namespace Madang.Foundation.Http;

/// <summary>How every JSON text of the contract is read and written.</summary>
public static class Json
{
    /// <summary>Sets the contract's rules on the framework's options; rooms add their source-generated contexts to the chain.</summary>
    internal static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.Encoder = PlainEncoder.Instance;
        options.Converters.Add(new TimeConverter());
        options.Converters.Add(new TextConverter());
        options.Converters.Add(new GivenConverterFactory());
        options.TypeInfoResolverChain.Insert(0, FoundationJson.Default);
    }

    /// <summary>RFC 3339 in UTC, with as many decimals as there are (at most six).</summary>
    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var time = reader.GetDateTimeOffset().ToUniversalTime();
            return Instant.FromMicroseconds(Instant.ToMicroseconds(time));
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteTime(value);
    }

    /// <summary>
    /// Refuses NUL, which PostgreSQL cannot keep, and U+FFFE, which cannot be normalised; the reader itself refuses what is not Unicode
    /// (lone surrogates). So no text that comes in as JSON can fail later.
    /// </summary>
    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new JsonException();
            }
            var text = reader.GetString()!;
            return CannotBeKept(text) ? throw new JsonException() : text;
        }

        private static bool CannotBeKept(string text) => text.AsSpan().ContainsAny('\0', '\uFFFE');

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);

        public override string ReadAsPropertyName(
            ref Utf8JsonReader reader,
            Type type,
            JsonSerializerOptions options
        ) => reader.GetString()!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value);
    }
}
