using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Http;

/// <summary>
/// Compresses pages and JSON on their way out. A strong ETag names bytes, and these are others: so it gets the coding as a suffix
/// (RFC 9110, 8.8.3.3), which is taken off again when a client sends it back.
/// </summary>
internal static class Compression
{
    /// <summary>Below this the headers cost more than is saved.</summary>
    internal const int Least = 1024;

    /// <summary>A point stands in no ETag of ours, so that no plain one ends like this.</summary>
    private static readonly string[] Suffixes = [".br\"", ".gzip\""];

    internal static void AddCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            // BREACH needs a secret that stays the same beside a text that others choose, in answers that they can ask for in our
            // users' names: our form tokens change with each answer, and other sites' requests come without the cookie.
            options.EnableForHttps = true;
            options.MimeTypes =
            [
                "text/html",
                "application/json",
                "application/problem+json",
                "application/openapi+json",
                "text/plain",
                "image/svg+xml",
            ];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
        services.Replace(ServiceDescriptor.Singleton<IResponseCompressionProvider, OfSomeLength>());
    }

    internal static void UseCompression(this IApplicationBuilder app)
    {
        app.Use(
            (http, next) =>
            {
                var headers = http.Request.Headers;
                Strip(headers, "If-Match");
                if (Strip(headers, "If-None-Match") is { } suffix)
                {
                    http.Features.Set(new Coded(suffix));
                }
                if (headers.AcceptEncoding.Count > 0)
                {
                    http.Response.OnStarting(MarkTag, http);
                }
                return next(http);
            }
        );
        app.UseResponseCompression();
    }

    /// <summary>Takes the suffixes off the tags of a header.</summary>
    /// <returns>One that was there, or null.</returns>
    private static string? Strip(IHeaderDictionary headers, string name)
    {
        var tags = headers[name].ToString();
        var suffix = Array.Find(Suffixes, one => tags.Contains(one, StringComparison.Ordinal));
        if (suffix is not null)
        {
            headers[name] = Suffixes.Aggregate(tags, (all, one) => all.Replace(one, "\"", StringComparison.Ordinal));
        }
        return suffix;
    }

    /// <summary>The tag of a compressed answer gets its suffix; of a 304, the one that the client's copy has.</summary>
    private static Task MarkTag(object state)
    {
        var http = (HttpContext)state;
        var response = http.Response;
        var suffix =
            response.StatusCode == StatusCodes.Status304NotModified ? http.Features.Get<Coded>()?.Suffix
            // Worth compressing, but the client takes none of our codings.
            : http.Features.Get<Compressed>() is null || response.Headers.ContentEncoding.Count == 0 ? null
            : $".{response.Headers.ContentEncoding}\"";
        if (suffix is not null && response.Headers.ETag is { Count: 1 } tag && tag[0]!.StartsWith('"'))
        {
            response.Headers.ETag = tag[0]![..^1] + suffix;
        }
        return Task.CompletedTask;
    }

    /// <summary>The framework's choice, but for what is too short to be worth it.</summary>
    private sealed class OfSomeLength(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
        : ResponseCompressionProvider(services, options)
    {
        public override bool ShouldCompressResponse(HttpContext context)
        {
            if (context.Response.ContentLength < Least || !base.ShouldCompressResponse(context))
            {
                return false;
            }
            context.Features.Set(new Compressed());
            return true;
        }
    }

    private sealed class Compressed;

    private sealed record Coded(string Suffix);
}
