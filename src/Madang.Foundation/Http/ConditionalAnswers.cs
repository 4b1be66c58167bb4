using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Madang.Foundation.Http;

/// <summary>
/// Writes the JSON answers of every room: serialised once, with the strong ETag of their bytes, and 304 to a GET whose
/// <c>If-None-Match</c> has it already (RFC 9110, 13.1.2).
/// </summary>
internal sealed class ConditionalAnswers(ContractJson json, UnchangedAnswers unchanged) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var question = unchanged.Of(context.HttpContext);
        if (question?.ETag is { } etag && NotModified.Knows(context.HttpContext.Request, etag))
        {
            return new NotModified(etag);
        }
        var answer = await next(context);
        while (answer is INestedHttpResult nested)
        {
            answer = nested.Result;
        }
        if (
            answer is not IValueHttpResult { Value: { } value }
            || answer is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK }
        )
        {
            return answer;
        }
        var finished = new Answer(StatusCodes.Status200OK, null, json.Bytes(value));
        question?.Remember(finished.ETag);
        return finished;
    }
}

/// <summary>A finished JSON answer.</summary>
/// <param name="Status">200 or 201.</param>
/// <param name="Location">Where the new thing is, or null.</param>
/// <param name="Body">UTF-8 JSON.</param>
internal sealed record Answer(int Status, string? Location, byte[] Body) : IResult
{
    internal string ETag => field ??= ContractJson.ETag(Body);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        if (Status == StatusCodes.Status200OK && NotModified.Knows(request, ETag))
        {
            await new NotModified(ETag).ExecuteAsync(httpContext);
            return;
        }
        response.Headers.ETag = ETag;
        response.StatusCode = Status;
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await response.BodyWriter.WriteAsync(Body, httpContext.RequestAborted);
        }
    }
}

/// <summary>The answer to who has it already.</summary>
/// <param name="ETag">What he has.</param>
public sealed record NotModified(string ETag) : IResult
{
    /// <returns>Whether the request is a read whose <c>If-None-Match</c> names this representation.</returns>
    public static bool Knows(HttpRequest request, string etag) =>
        request.Headers.IfNoneMatch is { Count: > 0 } header
        && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && (header is [var only] && only == etag || Has(header, etag));

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.Headers.ETag = ETag;
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    private static bool Has(StringValues header, string etag) =>
        EntityTagHeaderValue.TryParseList(header, out var tags)
        && tags.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any)
            || tag.Compare(new EntityTagHeaderValue(etag), useStrongComparison: false)
        );
}
