using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Madang.Foundation.Http;

/// <summary>The contract as OpenAPI 3.1, for anyone, and as a page at <c>/docs</c>.</summary>
public static class ContractDescription
{
    internal const string Bearer = "bearer";
    internal const string Cookie = "cookie";

    /// <summary>The one style that Swagger UI puts into its page; a browser test tells when a new version brings another.</summary>
    private const string PageStyle = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

    private const string Path = "/openapi/v1.json";

    /// <summary>
    /// Sets up the document. The call that registers it stands in the host, since the framework reads the XML comments of the
    /// assemblies that the caller's assembly knows: there, every room's.
    /// </summary>
    public static void Configure(OpenApiOptions openApi)
    {
        openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        openApi.CreateSchemaReferenceId = type =>
            IsPlain(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        openApi.AddDocumentTransformer((document, _, _) => Describe(document));
        openApi.AddSchemaTransformer(ContractSchemas.Describe);
        openApi.AddOperationTransformer(ContractOperations.Describe);
    }

    internal static void MapContractDescription(this IEndpointRouteBuilder app) =>
        app.MapGet(Path, Write).AllowAnonymous().ExcludeFromDescription();

    /// <summary>As the framework's own route does it, which would compile its code at each start.</summary>
    private static async Task Write(
        [FromKeyedServices("v1")] IOpenApiDocumentProvider contract,
        HttpContext http,
        CancellationToken stop
    )
    {
        using var text = new MemoryStream();
        var document = await contract.GetOpenApiDocumentAsync(stop);
        await document.SerializeAsJsonAsync(text, OpenApiSpecVersion.OpenApi3_1, stop);
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.BodyWriter.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), stop);
    }

    /// <summary>Swagger UI comes with an inline style, and draws with <c>data:</c> images: only its page allows them.</summary>
    internal static void UseContractPage(this IApplicationBuilder app, IConfiguration configuration)
    {
        var policy = SecurityHeaders
            .Policy(configuration)
            .Replace("img-src 'self'", "img-src 'self' data:", StringComparison.Ordinal)
            .Replace("style-src 'self'", $"style-src 'self' {PageStyle}", StringComparison.Ordinal);
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments("/docs"),
            docs =>
            {
                docs.Use(
                    (http, next) =>
                    {
                        if (http.Request.Path == "/docs/index.html")
                        {
                            http.Response.Headers.ContentSecurityPolicy = policy;
                        }
                        return next(http);
                    }
                );
                docs.UseSwaggerUI(page =>
                {
                    page.RoutePrefix = "docs";
                    page.DocumentTitle = "Madang API";
                    page.SwaggerEndpoint(Path, "Madang");
                    page.EnableTryItOutByDefault();
                });
            }
        );
    }

    /// <summary>Types that are a plain value on the wire have no schema of their own.</summary>
    private static bool IsPlain(Type type) => type == typeof(Cursor) || typeof(IGiven).IsAssignableFrom(type);

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Madang",
            Version = "v1",
            Description = "What every client of Madang can rely on. Failures are application/problem+json (RFC 9457).",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An access token, or a personal access token.",
            },
            [Cookie] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = Accounts.WebSession.CookieName,
                Description = "The web session. A call that changes anything must come from the same origin.",
            },
        };
        return Task.CompletedTask;
    }
}
