namespace Madang.Library.Moving;

/// <summary>The sentences of what can be wrong with a file or a line of it, in the language of the request.</summary>
internal static class BookImportSentences
{
    /// <returns>Why a line is refused.</returns>
    internal static string OfLine(string reason) =>
        LibraryWords.Say[
            reason switch
            {
                "no_title" => "library.moving.no_title",
                "no_author" => "library.moving.no_author",
                "no_isbn" => "library.moving.no_isbn",
                "bad_isbn" => "library.bad_isbn",
                "too_long" => "library.moving.too_long",
                "bad_date" => "library.moving.bad_date",
                "bad_stock" => "library.moving.bad_stock",
                "bad_tag" => "library.moving.bad_tag",
                "broken_record" => "library.moving.broken_record",
                "deleted_record" => "library.moving.deleted_record",
                "unknown_encoding" => "library.moving.unknown_encoding",
                _ => "library.moving.not_text",
            }
        ];

    /// <returns>Why the whole file is.</returns>
    internal static string OfFile(string problem, string? detail) =>
        LibraryWords.Say.Format(
            problem switch
            {
                "wrong_encoding" => "library.moving.wrong_encoding",
                "broken_csv" => "library.moving.broken_csv",
                "broken_json" => "library.moving.broken_json",
                "broken_xlsx" => "library.moving.broken_xlsx",
                "broken_marc" => "library.moving.broken_marc",
                "broken_xml" => "library.moving.broken_xml",
                "broken_html" => "library.moving.broken_html",
                "unread_workbook" => "library.moving.unread_workbook",
                "other_columns" => "library.moving.other_columns",
                "other_kind" => "library.moving.other_kind",
                "nothing" => "library.moving.nothing",
                "too_many" => "library.moving.too_many",
                "too_large" or "too_large_a_part" => "library.moving.too_large",
                "not_an_editor" => "library.moving.not_an_editor",
                "failed_inside" => "library.moving.failed_inside",
                _ => "library.moving.interrupted",
            },
            detail
        );

    internal static string OfOutcome(BookImportLine line, bool isDryRun) =>
        line.Outcome switch
        {
            IncomingBooks.Added => LibraryWords.Say[isDryRun ? "library.moving.would_add" : "library.moving.was_added"],
            IncomingBooks.Present => LibraryWords.Say["library.moving.is_here"],
            _ => OfLine(line.Reason ?? ""),
        };
}
