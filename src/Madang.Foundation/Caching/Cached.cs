using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Caching;

/// <summary>An endpoint's result out of the cache: 200 with the JSON of a <typeparamref name="T"/>, or 304 to who has it already.</summary>
public sealed class Cached<T> : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    private readonly CachedAnswer answer;
    private readonly string? key;

    /// <param name="answer">The finished JSON of a <typeparamref name="T"/>.</param>
    /// <param name="key">Its key, where it is the same for all who are signed in: then <see cref="AnswersAtOnce"/> answers the next of them.</param>
    public Cached(CachedAnswer answer, string? key = null) => (this.answer, this.key) = (answer, key);

    /// <inheritdoc />
    public int? StatusCode => StatusCodes.Status200OK;

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (key is not null)
        {
            httpContext.RequestServices.GetRequiredService<AnswersAtOnce>().Remember(httpContext, key);
        }
        return answer.Write(httpContext);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"])
        );
}
