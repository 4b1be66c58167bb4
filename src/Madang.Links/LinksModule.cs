using System.Text.Json.Serialization;
using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Links.Counting;
using Madang.Links.Following;
using Madang.Links.Leaving;
using Madang.Links.Shortening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Links;

/// <summary>The room of short links: the only place that wires it.</summary>
public sealed class LinksModule : IModule
{
    /// <inheritdoc />
    public string Name => "links";

    /// <inheritdoc />
    public IReadOnlyList<string> ReservedPaths => ["link", "links"];

    /// <inheritdoc />
    public NavigationEntry? Navigation => null;

    /// <inheritdoc />
    public Type? HomeTile => null;

    /// <inheritdoc />
    public string? StyleSheet => null;

    /// <inheritdoc />
    public IReadOnlyList<string> Roles => [];

    /// <inheritdoc />
    public IReadOnlyList<HandlerName> Handlers => [LinksOfDeletedUsers.HandlerName];

    /// <inheritdoc />
    public IReadOnlyList<DerivedTable> DerivedTables => [new("link_grams", LinkIndex.Fill)];

    /// <inheritdoc />
    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton<ReservedWords>().AddSingleton<LinkRules>();
        services.AddSingleton(all => new OpenLinks(all.GetRequiredService<Database>()));
        services.AddSingleton<Uses>().AddSingleton<LinkStore>().AddSingleton<LinkChanges>().AddSingleton<LinkLists>();
        services.AddHostedService<LinkWatcher>();
        services.AddSingleton<VisitStore>().AddSingleton<StatsStore>().AddSingleton<VisitCounter>();
        services.AddHostedService<CountingWorker>();
        services.AddSingleton<IEventHandler, LinksOfDeletedUsers>();
        services.AddSingleton<LinkHousework>().AddSingleton<IHousework>(all => all.GetRequiredService<LinkHousework>());
        services.AddValidation();
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, LinksJson.Default)
        );
    }

    /// <inheritdoc />
    public void AnswerFirst(IApplicationBuilder app)
    {
        var links = app.ApplicationServices.GetRequiredService<OpenLinks>();
        var counter = app.ApplicationServices.GetRequiredService<VisitCounter>();
        var domain = app.ApplicationServices.GetRequiredService<IConfiguration>()["Links:Domain"];
        domain = string.IsNullOrEmpty(domain) ? null : domain;
        app.Use((http, next) => Redirect.TryAtOnce(http, links, counter, domain) ? Task.CompletedTask : next(http));
    }

    /// <inheritdoc />
    public void MapRoutes(IEndpointRouteBuilder routes, RouteGroupBuilder api)
    {
        api.MapShortening();
        api.MapCounting();
        routes.MapSmallClients();
        routes.MapFollowing();
    }
}

/// <summary>The source-generated JSON of links.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UrlInput))]
[JsonSerializable(typeof(LinkInput))]
[JsonSerializable(typeof(LinkChangeInput))]
[JsonSerializable(typeof(ShortenedUrl))]
[JsonSerializable(typeof(Link))]
[JsonSerializable(typeof(Page<Link>))]
[JsonSerializable(typeof(LinkStats))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class LinksJson : JsonSerializerContext;
