using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Library.Covers;
using Madang.Library.Tagging;
using Microsoft.Extensions.Options;

namespace Madang.Library.Shelving;

/// <summary>What the pages of the catalogue are made of.</summary>
internal sealed record BookDesk(
    BookLists Lists,
    BookPages Pages,
    BookStore Books,
    TagStore Tags,
    CoverStore Covers,
    ContractJson Json,
    IOptions<LibrarySettings> Settings
)
{
    /// <summary>So many that a page of ordinary books stays under 30 KB.</summary>
    internal const int PageSize = 24;

    internal bool IsEditor(CurrentUser me) => Settings.Value.IsEditor(me);

    /// <returns>The ETag of a form that shows the book.</returns>
    internal string ETagOf(Book book) => ContractJson.ETag(Json.Bytes(book));
}

/// <summary>What was just done, as the address of the page says it.</summary>
internal sealed record BookNews
{
    /// <summary><c>added</c>, <c>changed</c>, <c>cover</c>, <c>no_cover</c> or <c>deleted</c>.</summary>
    public string? Did { get; init; }

    /// <returns>The sentence about it, or null.</returns>
    internal string? Sentence =>
        Did switch
        {
            "added" => LibraryWords.Say["library.book.added"],
            "changed" => LibraryWords.Say["library.book.changed"],
            "cover" => LibraryWords.Say["library.cover.kept"],
            "no_cover" => LibraryWords.Say["library.cover.removed"],
            "deleted" => LibraryWords.Say["library.book.deleted"],
            _ => null,
        };
}
