using System.Text.Json.Serialization;
using Madang.Foundation.Backups;
using Madang.Foundation.Events;
using Madang.Foundation.Going;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Library.Lending;
using Madang.Library.Moving;
using Madang.Library.Shelving;
using Madang.Library.Tagging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Library;

/// <summary>The room of books and loans: the only place that wires it.</summary>
public sealed class LibraryModule : IModule
{
    /// <inheritdoc />
    public string Name => "library";

    /// <inheritdoc />
    public IReadOnlyList<string> ReservedPaths => ["library", "book", "books", "tags", "loan", "loans"];

    /// <inheritdoc />
    public NavigationEntry? Navigation => null;

    /// <inheritdoc />
    public IReadOnlyList<Command> Commands { get; } =
    [new("/library/move", () => LibraryWords.Say["library.moving.title"], "move")];

    /// <inheritdoc />
    public Type? HomeTile => null;

    /// <inheritdoc />
    public string? StyleSheet => null;

    /// <inheritdoc />
    public IReadOnlyList<string> Roles => [Librarians.Role];

    /// <inheritdoc />
    public IReadOnlyList<HandlerName> Handlers => [ImportsOfDeletedUsers.HandlerName];

    /// <inheritdoc />
    public IReadOnlyList<DerivedTable> DerivedTables => [new("book_grams", BookIndex.Fill)];

    /// <inheritdoc />
    public void AddServices(IServiceCollection services)
    {
        services.AddOptions<LibrarySettings>().BindConfiguration("Library");
        services
            .AddSingleton<BookLists>()
            .AddSingleton<BookPages>()
            .AddSingleton<BookStore>()
            .AddSingleton<TagStore>()
            .AddSingleton<LoanStore>();
        services.AddMovingOfBooks();
        services.AddValidation();
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, LibraryJson.Default)
        );
    }

    /// <inheritdoc />
    public void MapRoutes(IEndpointRouteBuilder routes, RouteGroupBuilder api)
    {
        api.MapShelving();
        api.MapTagging();
        api.MapLending();
        api.MapMovingOfBooks();
        routes.MapLibraryMovingPages();
    }
}

/// <summary>The source-generated JSON of the library.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BookInput))]
[JsonSerializable(typeof(BookChangeInput))]
[JsonSerializable(typeof(TagInput))]
[JsonSerializable(typeof(LoanInput))]
[JsonSerializable(typeof(ReturnInput))]
[JsonSerializable(typeof(Book))]
[JsonSerializable(typeof(Page<Book>))]
[JsonSerializable(typeof(Tag))]
[JsonSerializable(typeof(Page<Tag>))]
[JsonSerializable(typeof(Loan))]
[JsonSerializable(typeof(Page<Loan>))]
internal sealed partial class LibraryJson : JsonSerializerContext;
