using System.Text.Json.Serialization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Going;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Foundation.Samples;
using Madang.Memos.Leaving;
using Madang.Memos.Moving;
using Madang.Memos.Pictures;
using Madang.Memos.Reading;
using Madang.Memos.Samples;
using Madang.Memos.Writing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Memos;

/// <summary>The room of memos: the only place that wires it.</summary>
public sealed class MemosModule : IModule
{
    /// <inheritdoc />
    public string Name => "memos";

    /// <inheritdoc />
    public IReadOnlyList<string> ReservedPaths => ["memo", "memos"];

    /// <inheritdoc />
    public NavigationEntry? Navigation { get; } = new("/memos", () => MemosWords.Say["memos.title"], "memo");

    /// <inheritdoc />
    public IReadOnlyList<Command> Commands { get; } =
    [
        new("/memos#new", () => MemosWords.Say["memos.new"], "edit", "n"),
        new("/memos", () => MemosWords.Say["memos.title"], "memo", "g m"),
        new("/memos?scope=team", () => MemosWords.Say["memos.of_team"], "team", "g t"),
        new("/memos?archived=true", () => MemosWords.Say["memos.archived"], "archive"),
        new("/memos/move", () => MemosWords.Say["moving.title"], "move"),
        new("/memos/trash", () => MemosWords.Say["memos.trash"], "trash"),
    ];

    /// <inheritdoc />
    public Type? HomeTile => typeof(MemosTile);

    /// <inheritdoc />
    public string? StyleSheet => "/_content/Madang.Memos/memos.css";

    /// <inheritdoc />
    public IReadOnlyList<string> Roles => [];

    /// <inheritdoc />
    public IReadOnlyList<HandlerName> Handlers => [PurgeOfDeletedUsers.HandlerName, PicturesOfDeletedUsers.HandlerName];

    /// <inheritdoc />
    public IReadOnlyList<DerivedTable> DerivedTables => [new("memo_grams", MemoIndex.FillGrams)];

    /// <inheritdoc />
    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton<MemoStore>().AddSingleton<MemoLists>().AddSingleton<MemoPurge>();
        services.AddSingleton<MemoTicks>().AddSingleton<MemoDays>();
        services.AddSingleton<IEventHandler, PurgeOfDeletedUsers>();
        services.AddSingleton<MovingMemos>().AddSingleton<MemoFiles>().AddSingleton<IExportSource, MemoExport>();
        services
            .AddSingleton<IncomingStore>()
            .AddSingleton<ImportStore>()
            .AddSingleton<ImportedFiles>()
            .AddSingleton<ImportRun>();
        services.AddSingleton(all => new Importing(all));
        services.AddSingleton<ImportWorker>().AddHostedService(all => all.GetRequiredService<ImportWorker>());
        services.AddSingleton<IHousework, ImportHousework>();
        services.AddSingleton<ISampleSource, MemoSamples>();
        // Only where a route allows more than the server's own limit can a form be so large.
        services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = ImportFile.MostBytes + (64 * 1024));
        services.AddSingleton<ISearchSource, MemoSearch>();
        services.AddSingleton<IHousework>(all => all.GetRequiredService<MemoPurge>());
        services.AddOptions<PictureSettings>().BindConfiguration("Memos");
        services.AddSingleton<PictureStore>().AddSingleton<KnownPictures>().AddSingleton<PictureHousework>();
        services.AddSingleton<IEventHandler, PicturesOfDeletedUsers>();
        services.AddSingleton<IHousework>(all => all.GetRequiredService<PictureHousework>());
        services.AddValidation();
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, MemosJson.Default)
        );
    }

    /// <inheritdoc />
    public void MapRoutes(IEndpointRouteBuilder routes, RouteGroupBuilder api)
    {
        api.MapWriting();
        api.MapTasks();
        api.MapReading();
        routes.MapPictures(api);
        routes.MapSmallClients();
        routes.MapMemoPages();
        api.MapMoving();
        routes.MapMovingPages();
    }
}

/// <summary>The source-generated JSON of memos.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MemoInput))]
[JsonSerializable(typeof(MemoChangeInput))]
[JsonSerializable(typeof(TickInput))]
[JsonSerializable(typeof(Memo))]
[JsonSerializable(typeof(CursorPage<Memo>))]
[JsonSerializable(typeof(CursorPage<MemoVersion>))]
[JsonSerializable(typeof(SmallMemoList))]
[JsonSerializable(typeof(Picture))]
[JsonSerializable(typeof(MovedMemo))]
[JsonSerializable(typeof(MovedVersion))]
[JsonSerializable(typeof(ImportView))]
[JsonSerializable(typeof(List<ImportRefusal>))]
[JsonSerializable(typeof(List<long[]>))]
internal sealed partial class MemosJson : JsonSerializerContext;
