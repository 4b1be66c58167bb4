using System.Text.Json.Serialization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Files;
using Madang.Foundation.Going;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Foundation.Samples;
using Madang.Links.Blocking;
using Madang.Links.Counting;
using Madang.Links.Following;
using Madang.Links.Guarding;
using Madang.Links.Leaving;
using Madang.Links.Moving;
using Madang.Links.Samples;
using Madang.Links.Shortening;
using Madang.Links.Titles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madang.Links;

/// <summary>The room of short links: the only place that wires it.</summary>
public sealed class LinksModule : IModule
{
    /// <inheritdoc />
    public string Name => "links";

    /// <inheritdoc />
    public IReadOnlyList<string> ReservedPaths => ["link", "links"];

    /// <inheritdoc />
    public NavigationEntry? Navigation { get; } = new("/links", () => LinksWords.Say["links.title"], "link");

    /// <inheritdoc />
    public IReadOnlyList<Command> Commands { get; } =
    [
        new("/links#url", () => LinksWords.Say["links.new"], "link", "l"),
        new("/links", () => LinksWords.Say["links.title"], "link", "g l"),
        new("/links?sort=visits", () => LinksWords.Say["links.most_visited"], "link"),
        new("/links?archived=true", () => LinksWords.Say["links.archived"], "archive"),
        new("/links/bulk", () => LinksWords.Say["bulk.title"], "link"),
        new("/links/import", () => LinksWords.Say["moving.title"], "link"),
    ];

    /// <inheritdoc />
    public IReadOnlyList<NavigationEntry> AdminPages =>
        [new(BlockingPages.Path, () => LinksWords.Say["blocking.title"], "shut")];

    /// <inheritdoc />
    public Type? HomeTile => typeof(LinksTile);

    /// <inheritdoc />
    public Type? Parts => typeof(LinksParts);

    /// <inheritdoc />
    public string? StyleSheet => "/_content/Madang.Links/links.css";

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
        services.AddSingleton<BlockedHosts>().AddSingleton<BlockList>();
        services.AddSingleton(all => new OpenLinks(
            all.GetRequiredService<Database>(),
            all.GetRequiredService<BlockedHosts>()
        ));
        services.AddSingleton<Uses>().AddSingleton<LinkStore>().AddSingleton<LinkChanges>().AddSingleton<LinkLists>();
        services
            .AddSingleton<LinkMaking>()
            .AddSingleton<LinkDesk>()
            .AddSingleton<LinkPasswords>()
            .AddSingleton<Guesses>()
            .AddSingleton<Doors>();
        services.AddSingleton<ISearchSource, LinkSearch>().AddSingleton<IExportSource, OwnLinks>();
        services.AddSingleton<ISampleSource, LinkSamples>();
        services.AddSingleton<ManyLinks>();
        services.AddHostedService<LinkWatcher>();
        services.AddSingleton<VisitStore>().AddSingleton<StatsStore>().AddSingleton<VisitCounter>();
        services.AddHostedService<CountingWorker>();
        services.AddSingleton<IEventHandler, LinksOfDeletedUsers>();
        services.AddSingleton<LinkHousework>().AddSingleton<IHousework>(all => all.GetRequiredService<LinkHousework>());
        AddTitles(services);
        AddMoving(services);
        services.AddValidation();
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, LinksJson.Default)
        );
    }

    private static void AddTitles(IServiceCollection services)
    {
        services.AddSingleton<TitleQueue>().AddSingleton<TitleStore>().AddSingleton<TitleFetcher>();
        services.AddHostedService<TitleWorker>();
    }

    private static void AddMoving(IServiceCollection services)
    {
        services.AddSingleton<IncomingLinks>().AddSingleton<LinkImportRun>().AddSingleton<LinkImportStore>();
        services.AddSingleton<LinkExport>().AddSingleton<LinkImportFiles>();
        services.AddSingleton(all => new LinkImporting(
            all.GetRequiredService<LinkImportStore>(),
            all.GetRequiredService<LinkImportRun>(),
            all.GetRequiredService<FileStore>(),
            all.GetRequiredService<TimeProvider>(),
            all.GetRequiredService<ILogger<LinkImporting>>()
        ));
        services.AddHostedService(all => all.GetRequiredService<LinkImporting>());
        services.AddSingleton<IHousework>(all => all.GetRequiredService<LinkImportFiles>());
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
        api.MapBulk();
        api.MapQrCodes();
        api.MapBlocking();
        api.MapMoving();
        api.MapCounting();
        routes.MapSmallClients();
        routes.MapBlockingPages();
        routes.MapMovingPages();
        routes.MapLinkPages();
        routes.MapLinkPage();
        routes.MapFollowing();
        routes.MapPreview();
        routes.MapPasswords();
    }
}

/// <summary>The source-generated JSON of links.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UrlInput))]
[JsonSerializable(typeof(LinkInput))]
[JsonSerializable(typeof(LinkChangeInput))]
[JsonSerializable(typeof(LinkFormInput))]
[JsonSerializable(typeof(LinkPasswordInput))]
[JsonSerializable(typeof(ShortenedUrl))]
[JsonSerializable(typeof(Link))]
[JsonSerializable(typeof(Page<Link>))]
[JsonSerializable(typeof(ExportedLink))]
[JsonSerializable(typeof(LinkStats))]
[JsonSerializable(typeof(BulkInput))]
[JsonSerializable(typeof(BulkResults))]
[JsonSerializable(typeof(HostInput))]
[JsonSerializable(typeof(Page<BlockedHost>))]
[JsonSerializable(typeof(LinkImport))]
[JsonSerializable(typeof(List<ImportLine>))]
[JsonSerializable(typeof(MovedLink))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class LinksJson : JsonSerializerContext;
