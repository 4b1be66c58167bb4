using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Http;

/// <summary>What links that leave this server begin with: <c>Public:BaseUrl</c>, or where the request came to.</summary>
public static class PublicUrl
{
    /// <returns><c>Public:BaseUrl</c>, without a slash at the end: for links made outside of a request, which may trust no Host header.</returns>
    /// <exception cref="InvalidOperationException">It is not set.</exception>
    internal static string Configured(IConfiguration configuration) =>
        configuration["Public:BaseUrl"]?.TrimEnd('/')
        ?? throw new InvalidOperationException("Public:BaseUrl is not set.");

    /// <returns>Scheme, host and base path, without a slash at the end.</returns>
    public static string Of(HttpContext http)
    {
        var configured = http.RequestServices.GetRequiredService<IConfiguration>()["Public:BaseUrl"];
        return (configured ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}").TrimEnd('/');
    }
}
