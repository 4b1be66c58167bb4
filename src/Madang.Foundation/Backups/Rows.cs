using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Madang.Foundation.Backups;

/// <summary>Rows as lines: a JSON array each, in the order of the columns, bytes in base64. One row at a time is in memory.</summary>
internal static class Rows
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>How many there were.</returns>
    internal static async Task<long> Write(
        Stream to,
        List<Column> columns,
        IAsyncEnumerable<object?[]> rows,
        Action<long> step,
        CancellationToken stop
    )
    {
        using var json = new Utf8JsonWriter(to, Plain);
        long count = 0;
        await foreach (var row in rows.WithCancellation(stop))
        {
            json.WriteStartArray();
            for (var i = 0; i < row.Length; i++)
            {
                Write(json, columns[i], row[i]);
            }
            json.WriteEndArray();
            await json.FlushAsync(stop);
            json.Reset();
            to.WriteByte((byte)'\n');
            count++;
            step(1);
        }
        return count;
    }

    /// <exception cref="InvalidDataException">A line is no row of this table.</exception>
    internal static async IAsyncEnumerable<object?[]> Read(
        Stream from,
        ManifestTable table,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        using var lines = new StreamReader(from, leaveOpen: true);
        while (await lines.ReadLineAsync(stop) is { } line)
        {
            yield return Parse(line, table);
        }
    }

    private static void Write(Utf8JsonWriter json, Column column, object? value)
    {
        switch (column.Kind, value)
        {
            case (_, null):
                json.WriteNullValue();
                break;
            case (ColumnKind.Integer, long integer):
                json.WriteNumberValue(integer);
                break;
            // As text: JSON has no infinity, and a shortest round-trip form comes back as the same bits.
            case (ColumnKind.Real, double real):
                json.WriteStringValue(real.ToString("R", CultureInfo.InvariantCulture));
                break;
            case (ColumnKind.Text, string text):
                json.WriteStringValue(text);
                break;
            case (ColumnKind.Bytes, byte[] bytes):
                json.WriteBase64StringValue(bytes);
                break;
            default:
                throw new InvalidDataException(
                    $"The column {column.Name} is {column.Kind}, but holds a {value.GetType().Name}."
                );
        }
    }

    private static object?[] Parse(string line, ManifestTable table)
    {
        try
        {
            var values = JsonElement.Parse(line);
            if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() != table.Columns.Count)
            {
                throw new InvalidDataException($"A line of {table.Name} is no row.");
            }
            var row = new object?[table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = Value(table.Columns[i].Kind, values[i]);
            }
            return row;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"A line of {table.Name} is no row.", error);
        }
    }

    private static object? Value(ColumnKind kind, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null
            ? null
            : kind switch
            {
                ColumnKind.Integer => value.GetInt64(),
                ColumnKind.Real => double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
                ColumnKind.Text => value.GetString(),
                _ => value.GetBytesFromBase64(),
            };
}
