using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Web;

/// <summary>
/// The URL of a static file, with the fingerprint of its content in its name: such a file never changes, so browsers keep it for
/// ever. The framework makes these names at build time.
/// </summary>
public sealed class StaticFiles(EndpointDataSource endpoints, IConfiguration configuration)
{
    private readonly string host = configuration["Public:AssetsUrl"]?.TrimEnd('/') ?? "";
    private readonly Lazy<Dictionary<string, string>> names = new(() => Names(endpoints));

    /// <summary>The URL of the file that stands at <paramref name="path"/> in <c>wwwroot</c>.</summary>
    public string this[string path] => host + names.Value.GetValueOrDefault(path, path);

    private static Dictionary<string, string> Names(EndpointDataSource endpoints) =>
        endpoints
            .Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>())
            .OfType<StaticAssetDescriptor>()
            .Select(asset =>
                (asset.Route, Label: asset.Properties.FirstOrDefault(property => property.Name == "label")?.Value)
            )
            .Where(asset => asset.Label is not null)
            .DistinctBy(asset => asset.Label)
            .ToDictionary(asset => "/" + asset.Label, asset => "/" + asset.Route);
}
