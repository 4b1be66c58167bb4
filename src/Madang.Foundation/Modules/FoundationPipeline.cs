using Madang.Foundation.Accounts;
using Madang.Foundation.Accounts.Outside;
using Madang.Foundation.Admin;
using Madang.Foundation.Going;
using Madang.Foundation.Http;
using Madang.Foundation.Mail;
using Madang.Foundation.Samples;
using Madang.Foundation.Telemetry;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Modules;

/// <summary>The way of every request, the same for all rooms; a room maps its routes and gets all of it.</summary>
public static class FoundationPipeline
{
    /// <summary>Sets up the pipeline and maps the routes of the foundation and of the rooms that run.</summary>
    public static void UseFoundation(this WebApplication app)
    {
        // It counts from the first request on, not from the first time that somebody asks.
        app.Services.GetRequiredService<Measurements>();
        app.UseCountryOfProxies(app.Configuration);
        app.UseForwardedHeaders();
        foreach (var room in app.Services.GetRequiredService<Rooms>().Running)
        {
            room.AnswerFirst(app);
        }
        app.UseRequestTraces();
        app.UseSecurityHeaders(app.Configuration);
        app.UseCompression();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => Failures.Write(context.HttpContext, context.HttpContext.Response.StatusCode));
        app.UseHeadAsGet();
        app.UseContractPage(app.Configuration);
        app.UseRouting();
        if (app.Configuration.GetSection("Http:AllowedOrigins").GetChildren().Any())
        {
            app.UseCors();
        }
        app.UseAuthentication();
        app.UseLanguage();
        app.UseCleanQuery();
        if (RateLimits.AreOn(app.Configuration))
        {
            app.UseRateLimiter();
        }
        app.UseAuthorization();
        app.UseScopes();
        app.UseSameOrigin();
        app.MapFoundation();
    }

    private static void MapFoundation(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1").AsApi().WithTags("people");
        api.MapAuth();
        api.MapUsers();
        api.MapPassword();
        api.MapPersonalTokens();
        api.MapSessions();
        api.MapMail();
        api.MapWorkspace();
        api.MapExport();
        app.MapGo(api);
        var health = app.MapGroup("").WithTags("health");
        health.MapHealth();
        health.MapMetrics();
        app.MapAccountPages();
        app.MapMailPages();
        app.MapSettingsPages();
        app.MapSamples();
        app.MapSessionPages();
        app.MapPersonalTokenPages();
        app.MapAdminPages();
        OutsidePages.Map(app);
        app.MapConnectionPages();
        app.MapGet("/docs/parts", () => Pages.Show<PartsPage>()).AsPage().AllowAnonymous();
        WebManifest.Map(app);
        app.MapContractDescription();
        // A build that isn't published would map every path, for files to come: then a wrong method is told 404 and a wrong path 405.
        app.Configuration["DisableStaticAssetNotFoundRuntimeFallback"] = "true";
        app.MapStaticAssets($"{app.Environment.ApplicationName}.staticwebassets.endpoints.json")
            .AllowAnonymous()
            .DisableRateLimiting();
        foreach (var room in app.Services.GetRequiredService<Rooms>().Running)
        {
            var scope = new ScopeOf(room.Name);
            room.MapRoutes(
                app.MapGroup("").WithTags(room.Name).WithMetadata(scope),
                app.MapGroup("/api/v1").AsApi().WithTags(room.Name).WithMetadata(scope)
            );
        }
    }
}
