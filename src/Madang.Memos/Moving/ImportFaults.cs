namespace Madang.Memos.Moving;

/// <summary>The names and the sentences of what can be wrong with a file or a part of it.</summary>
internal static class ImportFaults
{
    internal static string NameOf(ImportFault fault) =>
        fault switch
        {
            ImportFault.NotAMemo => "not_a_memo",
            ImportFault.NotText => "not_text",
            ImportFault.Empty => "empty",
            ImportFault.TooLong => "too_long",
            ImportFault.BadTime => "bad_time",
            ImportFault.InTrash => "in_trash",
            ImportFault.OddName => "odd_name",
            _ => "unreadable",
        };

    /// <returns>Why a part is refused, in the language of the request.</returns>
    internal static string SentenceOf(string reason) =>
        MemosWords.Say[
            reason switch
            {
                "not_a_memo" => "moving.not_a_memo",
                "not_text" => "moving.not_text",
                "empty" => "moving.empty",
                "too_long" => "moving.too_long",
                "bad_time" => "moving.bad_time",
                "in_trash" => "moving.in_trash",
                "odd_name" => "moving.odd_name",
                "picture_missing" => "moving.picture_missing",
                "picture_too_large" => "memos.picture_too_large",
                "picture_unknown" => "memos.picture_unknown",
                "picture_broken" => "memos.picture_broken",
                "picture_too_many_pixels" => "memos.picture_too_many_pixels",
                "picture_no_room" => "memos.picture_no_room",
                "picture_quota" => "memos.picture_quota",
                _ => "moving.unreadable",
            }
        ];

    /// <returns>Why the whole file is, in the language of the request.</returns>
    internal static string SentenceOf(string problem, string? detail) =>
        MemosWords.Say.Format(
            problem switch
            {
                "unknown_kind" => "moving.unknown_kind",
                "broken_zip" => "moving.broken_zip",
                "broken_json" => "moving.broken_json",
                "broken_database" => "moving.broken_database",
                "unknown_database" => "moving.unknown_database",
                "needs_author" => "moving.needs_author",
                "nothing" => "moving.nothing",
                "too_many" => "moving.too_many",
                "too_large" or "too_large_a_part" => "moving.too_large",
                "failed_inside" => "moving.failed_inside",
                _ => "moving.interrupted",
            },
            detail
        );
}
