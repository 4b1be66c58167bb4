using System.Text.Json.Serialization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Memos.Leaving;
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
    public IReadOnlyList<HandlerName> Handlers => [PurgeOfDeletedUsers.HandlerName];

    /// <inheritdoc />
    public IReadOnlyList<DerivedTable> DerivedTables => [new("memo_grams", MemoIndex.FillGrams)];

    /// <inheritdoc />
    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton<MemoStore>().AddSingleton<MemoLists>().AddSingleton<MemoPurge>();
        services.AddSingleton<IEventHandler, PurgeOfDeletedUsers>();
        services.AddSingleton<IExportSource, MemoExport>();
        services.AddSingleton<IHousework>(all => all.GetRequiredService<MemoPurge>());
        services.AddValidation();
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, MemosJson.Default)
        );
    }

    /// <inheritdoc />
    public void MapRoutes(IEndpointRouteBuilder routes, RouteGroupBuilder api)
    {
        api.MapWriting();
        api.MapReading();
        routes.MapSmallClients();
        routes.MapMemoPages();
    }
}

/// <summary>The source-generated JSON of memos.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MemoInput))]
[JsonSerializable(typeof(MemoChangeInput))]
[JsonSerializable(typeof(Memo))]
[JsonSerializable(typeof(CursorPage<Memo>))]
[JsonSerializable(typeof(CursorPage<MemoVersion>))]
[JsonSerializable(typeof(SmallMemoList))]
[JsonSerializable(typeof(List<ExportedMemo>))]
internal sealed partial class MemosJson : JsonSerializerContext;
