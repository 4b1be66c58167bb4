using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Http;

/// <summary>Something was made, here it is, and there it will be found: 201, or 200 for small clients.</summary>
public sealed class Made<T> : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
    where T : class
{
    private readonly Answer answer;

    internal Made(Answer answer) => this.answer = answer;

    /// <inheritdoc />
    public int? StatusCode => answer.Status;

    /// <param name="http">The request that made it.</param>
    /// <param name="thing">What was made.</param>
    /// <param name="location">Its path.</param>
    public static Made<T> Of(HttpContext http, T thing, string location)
    {
        var json = http.RequestServices.GetRequiredService<ContractJson>();
        return new(new Answer(StatusCodes.Status201Created, location, json.Bytes(thing)));
    }

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => answer.ExecuteAsync(httpContext);

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(T), ["application/json"])
        );
    }
}
