namespace Madang.Links.Moving;

/// <summary>The sentences of what can be wrong with a file or a line of it, in the language of the request.</summary>
internal static class ImportSentences
{
    /// <returns>Why a line is refused.</returns>
    internal static string OfLine(string reason) =>
        LinksWords.Say[
            reason switch
            {
                "bad_url" => "links.bad_url",
                "own_url" => "links.own_url",
                "blocked" => "links.blocked",
                "bad_slug" => "links.bad_slug",
                "taken" => "links.taken",
                "bad_tag" => "links.bad_tag",
                "bad_end" => "links.bad_end",
                "bad_time" => "moving.bad_time",
                "bad_limit" => "moving.bad_limit",
                "protected" => "moving.protected",
                "banned" => "moving.banned",
                _ => "moving.not_text",
            }
        ];

    /// <returns>Why the whole file is.</returns>
    internal static string OfFile(string problem) =>
        LinksWords.Say[
            problem switch
            {
                "wrong_encoding" => "moving.wrong_encoding",
                "broken_json" => "moving.broken_json",
                "broken_csv" => "moving.broken_csv",
                "other_columns" => "moving.other_columns",
                "nothing" => "moving.nothing",
                "too_many" => "moving.too_many",
                "too_large_a_part" => "moving.too_large",
                "failed_inside" => "moving.failed_inside",
                _ => "moving.interrupted",
            }
        ];

    internal static string OfOutcome(ImportLine line, bool isDryRun) =>
        line.Outcome switch
        {
            IncomingLinks.Added => LinksWords.Say[isDryRun ? "moving.would_add" : "moving.was_added"],
            IncomingLinks.Renamed => LinksWords.Say[isDryRun ? "moving.would_change_slug" : "moving.has_changed_slug"],
            IncomingLinks.Present => LinksWords.Say["moving.is_here"],
            _ => OfLine(line.Reason ?? ""),
        };
}
