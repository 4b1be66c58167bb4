using Madang.Foundation.Data;
using Madang.Library.Shelving;

namespace Madang.Library.Tagging;

/// <summary>Which tags a book has.</summary>
internal static class BookTags
{
    /// <summary>Gives a book that has none its tags, each once, in their order.</summary>
    /// <returns>False when one of them is no tag.</returns>
    internal static async Task<bool> Set(Sql sql, long book, IReadOnlyList<TagId> given)
    {
        var tags = given.Select(tag => tag.Id).Distinct().ToArray();
        for (var place = 0; place < tags.Length; place++)
        {
            var isThere =
                await sql.Execute(
                    $"""
                    INSERT INTO book_tags (book_id, tag_id, place)
                    SELECT @book, id, @place FROM tags WHERE id = @Tag {sql.For("", "FOR KEY SHARE")}
                    """,
                    new
                    {
                        book,
                        place,
                        Tag = tags[place],
                    }
                ) == 1;
            if (!isThere)
            {
                return false;
            }
        }
        return true;
    }
}
