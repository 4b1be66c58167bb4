using System.Text.Json;

namespace Madang.Foundation.Moving;

/// <summary>
/// The objects in a list that stands at the root of a JSON text, or there under one of a few names, read one at a time: the
/// framework reads lists that way only where they are the root itself.
/// </summary>
/// <param name="stream">UTF-8, with or without a byte order mark.</param>
/// <param name="names">Whose lists count, such as <c>memos</c>.</param>
/// <param name="isDeep">Whether a list one step further down counts too, and an object of objects as a list.</param>
public sealed class JsonElements(Stream stream, string[] names, bool isDeep = false)
{
    /// <summary>Bytes that one object may have: 8 MiB.</summary>
    private const int Most = 8 * 1024 * 1024;

    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true };

    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private bool isLast;
    private JsonReaderState state = new(Options);
    private int listDepth = -1;
    private bool isNamed;

    /// <summary>Reads them all.</summary>
    /// <exception cref="BrokenImportException">It is not JSON, it breaks off, or an object is too large.</exception>
    public IEnumerable<JsonElement> All()
    {
        Fill();
        if (buffer.AsSpan(0, end).StartsWith("\uFEFF"u8))
        {
            start = 3;
        }
        while (true)
        {
            var element = Next();
            if (element is not null)
            {
                yield return element.Value;
            }
            else if (isLast)
            {
                yield break;
            }
            else
            {
                Fill();
            }
        }
    }

    /// <returns>The next object; null when there is no whole one in the buffer.</returns>
    private JsonElement? Next()
    {
        try
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isLast, state);
            while (true)
            {
                var before = reader;
                if (!reader.Read())
                {
                    Keep(reader);
                    return null;
                }
                if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == listDepth)
                {
                    if (!JsonDocument.TryParseValue(ref reader, out var found))
                    {
                        Keep(before);
                        return null;
                    }
                    using (found)
                    {
                        Keep(reader);
                        return found.RootElement.Clone();
                    }
                }
                Follow(reader);
            }
        }
        catch (JsonException)
        {
            throw new BrokenImportException("broken_json");
        }
    }

    private void Follow(in Utf8JsonReader reader)
    {
        var isHere = reader.CurrentDepth == 0 || isNamed;
        var begins =
            (reader.TokenType == JsonTokenType.StartArray && isHere)
            || (reader.TokenType == JsonTokenType.StartObject && isNamed && isDeep);
        if (begins && listDepth < 0)
        {
            listDepth = reader.CurrentDepth + 1;
        }
        else if (
            reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject
            && reader.CurrentDepth == listDepth - 1
        )
        {
            listDepth = -1;
        }
        isNamed =
            reader.TokenType == JsonTokenType.PropertyName
            && (reader.CurrentDepth == 1 || (isDeep && reader.CurrentDepth == 2))
            && IsOurs(reader);
    }

    private bool IsOurs(in Utf8JsonReader reader)
    {
        foreach (var name in names)
        {
            if (reader.ValueTextEquals(name))
            {
                return true;
            }
        }
        return false;
    }

    private void Keep(in Utf8JsonReader reader)
    {
        start += (int)reader.BytesConsumed;
        state = reader.CurrentState;
    }

    private void Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
        {
            if (buffer.Length >= Most)
            {
                throw new BrokenImportException("too_large_a_part");
            }
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        var read = stream.ReadAtLeast(buffer.AsSpan(end), buffer.Length - end, throwOnEndOfStream: false);
        isLast = read < buffer.Length - end;
        end += read;
    }
}
