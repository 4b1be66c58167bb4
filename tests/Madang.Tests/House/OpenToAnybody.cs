using Madang.Tests.Yards;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Madang.Tests.House;

/// <summary>What can be reached without signing in stands in one list, so that a new hole in the wall is seen.</summary>
public sealed class OpenToAnybody(SqliteYard yard) : IClassFixture<SqliteYard>
{
    [Fact]
    public void The_routes_that_let_anybody_pass_are_those_of_the_list()
    {
        var open = ((IEndpointRouteBuilder)yard.Server.App)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .SelectMany(Lines)
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            Repository.Read("tests/Madang.Tests/House/PublicRoutes.txt").ReplaceLineEndings("\n"),
            string.Join('\n', [.. open, ""])
        );
    }

    private static IEnumerable<string> Lines(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
            ? ["GET (static files)"]
            : (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method =>
                $"{method} /{endpoint.RoutePattern.RawText?.TrimStart('/')}"
            );
}
