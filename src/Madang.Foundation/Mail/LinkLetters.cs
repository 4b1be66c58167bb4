using System.Globalization;
using System.Net;
using Madang.Foundation.Web;

namespace Madang.Foundation.Mail;

/// <summary>The mails that bring a link: what it does, the link, how long it is good, and what to do for who didn't ask.</summary>
internal static class LinkLetters
{
    internal static Letter Write(MailedLink link, string token, CultureInfo language, string yard)
    {
        var (subject, why, act, otherwise, path) = link.Purpose switch
        {
            MailedLinkStore.PasswordReset => (
                "mail.reset_subject",
                "mail.reset_why",
                "mail.reset_act",
                "mail.reset_otherwise",
                "reset"
            ),
            MailedLinkStore.EmailVerification => (
                "mail.verify_subject",
                "mail.verify_why",
                "mail.verify_act",
                "mail.verify_otherwise",
                "verify"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(link), link.Purpose, "No letter for it."),
        };
        var url = $"{yard}/{path}?token={token}";
        var host = new Uri(yard).Host;
        string[] lines = [string.Format(language, Say(why), host), Say(act), Say("mail.once"), Say(otherwise)];
        return new(
            link.Email,
            Say(subject),
            $"{lines[0]}\n\n{lines[1]}:\n{url}\n\n{lines[2]}\n{lines[3]}\n\n-- \n{host}\n",
            $"""
            <!doctype html>
            <html lang="{language.TwoLetterISOLanguageName}">
            <head><meta charset="utf-8"><title>{Html(Say(subject))}</title></head>
            <body style="font-family:sans-serif;line-height:1.6;word-break:keep-all">
            <p>{Html(lines[0])}</p>
            <p><a href="{Html(url)}">{Html(lines[1])}</a></p>
            <p>{Html(lines[2])}<br>{Html(lines[3])}</p>
            <p>{Html(host)}</p>
            </body>
            </html>

            """
        );

        string Say(string key) => FrameWords.Say.In(language, key);
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
