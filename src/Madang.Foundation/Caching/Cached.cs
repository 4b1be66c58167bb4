using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Madang.Foundation.Caching;

/// <summary>An endpoint's result out of the cache: 200 with the JSON of a <typeparamref name="T"/>, or 304 to who has it already.</summary>
public sealed class Cached<T> : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    private readonly CachedAnswer answer;

    /// <param name="answer">The finished JSON of a <typeparamref name="T"/>.</param>
    public Cached(CachedAnswer answer) => this.answer = answer;

    /// <inheritdoc />
    public int? StatusCode => StatusCodes.Status200OK;

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => answer.Write(httpContext);

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"])
        );
}
