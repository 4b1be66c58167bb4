using System.Text.Json.Serialization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Memos.Leaving;
using Madang.Memos.Pictures;
using Madang.Memos.Reading;
using Madang.Memos.Writing;
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
    public Type? HomeTile => typeof(MemosTile);

    /// <inheritdoc />
    public string? StyleSheet => "/_content/Madang.Memos/memos.css";

    /// <inheritdoc />
    public IReadOnlyList<string> Roles => [];

    /// <inheritdoc />
    public IReadOnlyList<HandlerName> Handlers => [PurgeOfDeletedUsers.HandlerName, PicturesOfDeletedUsers.HandlerName];

    /// <inheritdoc />
    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton<MemoStore>().AddSingleton<MemoLists>().AddSingleton<MemoPurge>();
        services.AddSingleton<MemoTicks>().AddSingleton<MemoDays>();
        services.AddSingleton<IEventHandler, PurgeOfDeletedUsers>();
        services.AddSingleton<IExportSource, MemoExport>();
        services.AddSingleton<IHousework>(all => all.GetRequiredService<MemoPurge>());
        services.AddOptions<PictureSettings>().BindConfiguration("Memos");
        services.AddSingleton<PictureStore>().AddSingleton<PictureHousework>();
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
[JsonSerializable(typeof(List<long[]>))]
[JsonSerializable(typeof(List<ExportedMemo>))]
internal sealed partial class MemosJson : JsonSerializerContext;
