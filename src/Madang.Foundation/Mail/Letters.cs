using System.Globalization;
using System.Net;

namespace Madang.Foundation.Mail;

/// <summary>How all mails of a yard look, as plain text and as HTML.</summary>
internal static class Letters
{
    /// <param name="to">The address.</param>
    /// <param name="subject">One line.</param>
    /// <param name="why">Why it comes.</param>
    /// <param name="link">What its one link is called, and where it leads.</param>
    /// <param name="after">What else is to be said, below the link.</param>
    /// <param name="language">What all of that is written in.</param>
    /// <param name="yard">The yard's public URL.</param>
    internal static Letter Write(
        string to,
        string subject,
        string why,
        (string Act, string Url) link,
        IReadOnlyList<string> after,
        CultureInfo language,
        string yard
    )
    {
        var host = new Uri(yard).Host;
        return new(
            to,
            subject,
            $"{why}\n\n{link.Act}:\n{link.Url}\n\n{string.Join('\n', after)}\n\n-- \n{host}\n",
            $"""
            <!doctype html>
            <html lang="{language.TwoLetterISOLanguageName}">
            <head><meta charset="utf-8"><title>{Html(subject)}</title></head>
            <body style="font-family:sans-serif;line-height:1.6;word-break:keep-all">
            <p>{Html(why)}</p>
            <p><a href="{Html(link.Url)}">{Html(link.Act)}</a></p>
            <p>{string.Join("<br>", after.Select(Html))}</p>
            <p>{Html(host)}</p>
            </body>
            </html>

            """
        );
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
