using System.Globalization;
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
        return Letters.Write(
            link.Email,
            Say(subject),
            string.Format(language, Say(why), new Uri(yard).Host),
            (Say(act), $"{yard}/{path}?token={token}"),
            [Say("mail.once"), Say(otherwise)],
            language,
            yard
        );

        string Say(string key) => FrameWords.Say.In(language, key);
    }
}
