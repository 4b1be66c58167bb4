using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Http;

/// <summary>The contract as OpenAPI 3.1, for anyone, and as a page at <c>/docs</c>.</summary>
internal static class ContractDescription
{
    internal static void AddContractDescription(this IServiceCollection services) => services.AddOpenApi("v1");

    internal static void MapContractDescription(this IEndpointRouteBuilder app) =>
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
}
