using System.Text.Json.Serialization;
using Madang.Foundation.Backups;
using Madang.Foundation.Caching;
using Madang.Foundation.Events;
using Madang.Foundation.Going;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Library.Calendars;
using Madang.Library.Covers;
using Madang.Library.Desk;
using Madang.Library.Lending;
using Madang.Library.Moving;
using Madang.Library.Shelving;
using Madang.Library.Tagging;
using Microsoft.AspNetCore.Builder;
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
        new(LendingPages.Path, () => LibraryWords.Say["library.loans.title"], "book"),
        new(DeskPages.Path, () => LibraryWords.Say["library.desk.title"], "book", IsFor: Librarians.Include),
        new("/library/move", () => LibraryWords.Say["library.moving.title"], "move"),
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
    public IReadOnlyList<HandlerName> Handlers => [.. LendingServices.Handlers, ImportsOfDeletedUsers.HandlerName];

    /// <inheritdoc />
    public IReadOnlyList<DerivedTable> DerivedTables => [new("book_grams", BookIndex.Fill)];

    /// <inheritdoc />
    public void AddServices(IServiceCollection services)
    {
        services.AddOptions<LibrarySettings>().BindConfiguration("Library");
        services.AddSingleton<BookLists>().AddSingleton<BookPages>().AddSingleton<BookStore>().AddSingleton<TagStore>();
        services.AddLending();
        services.AddCovers();
        services.AddSingleton<BookDesk>().AddSingleton<ISearchSource, BookSearch>();
        services.AddMovingOfBooks();
        services.AddValidation();
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, LibraryJson.Default)
        );
    }

    /// <inheritdoc />
    public void AnswerFirst(IApplicationBuilder app)
    {
        app.HideCalendarsFromTraces();
        app.ApplicationServices.GetRequiredService<AnswersAtOnce>().Use(app, "/api/v1/books");
    }

    /// <inheritdoc />
    public void MapRoutes(IEndpointRouteBuilder routes, RouteGroupBuilder api)
    {
        api.MapShelving();
        api.MapTagging();
        api.MapLendingRoom(routes);
        api.MapCovers();
        routes.MapShelfPages();
        routes.MapCoverPages();
        routes.MapTagPages();
        api.MapMovingOfBooks();
        routes.MapLibraryMovingPages();
    }
}

/// <summary>The source-generated JSON of the library.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BookInput))]
[JsonSerializable(typeof(BookChangeInput))]
[JsonSerializable(typeof(BookFormInput))]
[JsonSerializable(typeof(List<CountedTag>))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(TagInput))]
[JsonSerializable(typeof(LoanInput))]
[JsonSerializable(typeof(ReturnInput))]
[JsonSerializable(typeof(Book))]
[JsonSerializable(typeof(Page<Book>))]
[JsonSerializable(typeof(Tag))]
[JsonSerializable(typeof(Page<Tag>))]
[JsonSerializable(typeof(Loan))]
[JsonSerializable(typeof(Page<Loan>))]
[JsonSerializable(typeof(HoldInput))]
[JsonSerializable(typeof(Hold))]
[JsonSerializable(typeof(Page<Hold>))]
[JsonSerializable(typeof(LendingInput))]
[JsonSerializable(typeof(DeskInput))]
[JsonSerializable(typeof(CalendarAddress))]
[JsonSerializable(typeof(ShownLoan))]
[JsonSerializable(typeof(ShownHold))]
internal sealed partial class LibraryJson : JsonSerializerContext;
