using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Madang.Foundation.Http;

/// <summary>
/// Writes the JSON answers of every room: serialised once, with the strong ETag of their bytes, and 304 to a GET whose
/// <c>If-None-Match</c> has it already (RFC 9110, 13.1.2).
/// </summary>
internal sealed class ConditionalAnswers : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        while (answer is INestedHttpResult nested)
        {
            answer = nested.Result;
        }
        return
            answer is IValueHttpResult { Value: { } value }
            && answer is IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK }
            ? new Answer(
                StatusCodes.Status200OK,
                null,
                context.HttpContext.RequestServices.GetRequiredService<ContractJson>().Bytes(value)
            )
            : answer;
    }
}

/// <summary>A finished JSON answer.</summary>
/// <param name="Status">200 or 201.</param>
/// <param name="Location">Where the new thing is, or null.</param>
/// <param name="Body">UTF-8 JSON.</param>
internal sealed record Answer(int Status, string? Location, byte[] Body) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var etag = ContractJson.ETag(Body);
        response.Headers.ETag = etag;
        response.StatusCode = Status;
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }
        if (IsRead(request) && Status == StatusCodes.Status200OK && Has(request.Headers.IfNoneMatch, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await response.BodyWriter.WriteAsync(Body, httpContext.RequestAborted);
        }
    }

    private static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool Has(Microsoft.Extensions.Primitives.StringValues header, string etag) =>
        header.Count > 0
        && EntityTagHeaderValue.TryParseList(header, out var tags)
        && tags.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any)
            || tag.Compare(new EntityTagHeaderValue(etag), useStrongComparison: false)
        );
}
