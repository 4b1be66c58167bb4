using System.Text.Json.Serialization;
using Madang.Foundation.Backups;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Going;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Library.Covers;
using Madang.Library.Lending;
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
    public NavigationEntry? Navigation { get; } =
        new(ShelfQuery.Shelf, () => LibraryWords.Say["library.shelf.title"], "book");

    /// <inheritdoc />
    public IReadOnlyList<Command> Commands { get; } =
    [
        new(ShelfQuery.Shelf, () => LibraryWords.Say["library.shelf.title"], "book", "g b"),
        new("/library/books/new", () => LibraryWords.Say["library.book.add_title"], "book", IsFor: Librarians.Include),
        new(TagPages.Path, () => LibraryWords.Say["library.tags.title"], "book"),
    ];

    /// <inheritdoc />
    public Type? HomeTile => typeof(LibraryTile);

    /// <inheritdoc />
    public Type? Parts => typeof(LibraryParts);

    /// <inheritdoc />
    public string? StyleSheet => "/_content/Madang.Library/library.css";

    /// <inheritdoc />
    public IReadOnlyList<string> Roles => [Librarians.Role];

    /// <inheritdoc />
    public IReadOnlyList<HandlerName> Handlers => [];

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
        services.AddSingleton<CoverStore>().AddSingleton<CoverHousework>();
        services.AddSingleton<IHousework>(all => all.GetRequiredService<CoverHousework>());
        services.AddSingleton<BookDesk>().AddSingleton<ISearchSource, BookSearch>();
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
        api.MapCovers();
        routes.MapShelfPages();
        routes.MapCoverPages();
        routes.MapTagPages();
    }
}

/// <summary>The source-generated JSON of the library.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BookInput))]
[JsonSerializable(typeof(BookChangeInput))]
[JsonSerializable(typeof(BookFormInput))]
[JsonSerializable(typeof(List<CountedTag>))]
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
