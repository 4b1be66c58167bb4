using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Http;

/// <summary>What links that leave this server begin with: <c>Public:BaseUrl</c>, or where the request came to.</summary>
public static class PublicUrl
{
    /// <returns>Scheme, host and base path, without a slash at the end.</returns>
    public static string Of(HttpContext http)
    {
        var configured = http.RequestServices.GetRequiredService<IConfiguration>()["Public:BaseUrl"];
        return (configured ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}").TrimEnd('/');
    }
}
