using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Library.Lending;

namespace Madang.Library.Leaving;

/// <summary>All loans of a user, and what he waits for, in the export of his data.</summary>
internal sealed class OwnLoans(LendingLists lists) : IExportSource
{
    private const int Batch = 500;

    public Task<IReadOnlyList<ExportFile>> Export(long userId, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<ExportFile>>([
            new("loans.json", (to, stop) => Write(to, (at, stop) => lists.HistoryOf(userId, at, Batch, stop), stop)),
            new("holds.json", (to, stop) => Write(to, (at, stop) => lists.HoldsOf(userId, at, Batch, stop), stop)),
        ]);

    private static async Task Write<T>(
        Stream to,
        Func<long, CancellationToken, Task<List<T>>> read,
        CancellationToken stop
    )
    {
        await using var json = new Utf8JsonWriter(to);
        json.WriteStartArray();
        for (long offset = 0; ; offset += Batch)
        {
            var found = await read(offset, stop);
            foreach (var one in found)
            {
                JsonSerializer.Serialize(json, one, LibraryJson.Default.Options);
            }
            await json.FlushAsync(stop);
            if (found.Count < Batch)
            {
                break;
            }
        }
        json.WriteEndArray();
    }
}
