using System.Buffers;
using System.Text.Json;
using Madang.Foundation.Data;

namespace Madang.Foundation.Http;

/// <summary>
/// A thing that writes its own JSON, as the serialiser would: for what the longest and most wanted lists are made of, since walking
/// a type's description takes the serialiser more than twice as long.
/// </summary>
public interface IWritesJson
{
    /// <summary>Writes the thing, from its opening to its closing brace, every property that the serialiser writes in its order.</summary>
    void Write(Utf8JsonWriter json);
}

/// <summary>Pages of things that write themselves.</summary>
internal sealed class WrittenJson(JsonSerializerOptions settings)
{
    /// <summary>In bytes: a page that came to more is not kept as the place for the thread's next.</summary>
    private const int MostKept = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? place;

    private readonly JsonWriterOptions options = new() { Encoder = settings.Encoder, SkipValidation = true };

    internal byte[] Bytes(IPage page, IReadOnlyList<IWritesJson> things)
    {
        var bytes = place ?? new ArrayBufferWriter<byte>(16 * 1024);
        bytes.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartObject();
            if (page.Count is { } count)
            {
                json.WriteNumber("count"u8, count);
            }
            json.WriteString("next"u8, page.Next);
            json.WriteString("previous"u8, page.Previous);
            json.WriteStartArray("results"u8);
            foreach (var thing in things)
            {
                thing.Write(json);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        place = bytes.Capacity <= MostKept ? bytes : null;
        var answer = GC.AllocateUninitializedArray<byte>(bytes.WrittenCount);
        bytes.WrittenSpan.CopyTo(answer);
        return answer;
    }
}

/// <summary>What those who write themselves share.</summary>
public static class JsonWriting
{
    /// <summary>Writes a time as every JSON text of the contract has it.</summary>
    public static void WriteTime(this Utf8JsonWriter json, JsonEncodedText name, DateTimeOffset? time)
    {
        if (time is not { } at)
        {
            json.WriteNull(name);
            return;
        }
        json.WritePropertyName(name);
        json.WriteTime(at);
    }

    internal static void WriteTime(this Utf8JsonWriter json, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[Instant.LongestText + 2];
        var length = Instant.Write(time, text[1..]);
        text[0] = text[length + 1] = (byte)'"';
        json.WriteRawValue(text[..(length + 2)], skipInputValidation: true);
    }
}
