using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Links.Shortening;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Madang.Links.Leaving;

/// <summary>All links of a user in the export of his data, those that are put away too, each with how often it was followed.</summary>
internal sealed class OwnLinks(Database db, IHttpContextAccessor context, IConfiguration configuration) : IExportSource
{
    private const int Batch = 500;

    public Task<IReadOnlyList<ExportFile>> Export(long userId, CancellationToken stop)
    {
        var baseUrl = ShortUrl.BaseOf(context.HttpContext!, configuration["Links:Domain"]);
        return Task.FromResult<IReadOnlyList<ExportFile>>([
            new("links.json", (to, stop) => Write(to, userId, baseUrl, stop)),
        ]);
    }

    private async Task Write(Stream to, long owner, string baseUrl, CancellationToken stop)
    {
        await using var json = new Utf8JsonWriter(to);
        json.WriteStartArray();
        for (long last = 0; ; )
        {
            var links = await Read(owner, last, stop);
            foreach (var link in links)
            {
                JsonSerializer.Serialize(json, new(link.For(baseUrl), link.Visits), LinksJson.Default.ExportedLink);
            }
            await json.FlushAsync(stop);
            if (links.Count < Batch)
            {
                break;
            }
            last = links[^1].Id;
        }
        json.WriteEndArray();
    }

    private Task<List<LinkRow>> Read(long owner, long last, CancellationToken stop) =>
        db.Read(
            sql =>
                sql.Query<LinkRow>(
                    $"""
                    SELECT {LinkRow.Columns} FROM links
                    WHERE owner_id = @owner AND deleted_at IS NULL AND id > @last
                    ORDER BY id
                    LIMIT @Batch
                    """,
                    new
                    {
                        owner,
                        last,
                        Batch,
                    }
                ),
            stop
        );
}

/// <summary>A link in the export of one's own data.</summary>
/// <param name="Link">The link.</param>
/// <param name="Visits">How often it was followed.</param>
internal sealed record ExportedLink(Link Link, long Visits);
