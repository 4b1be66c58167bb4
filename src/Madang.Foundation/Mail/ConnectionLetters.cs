using System.Globalization;
using Madang.Foundation.Web;

namespace Madang.Foundation.Mail;

/// <summary>The mails that tell of a provider that was connected or disconnected: what happened, where to look, and what to do about it.</summary>
internal static class ConnectionLetters
{
    internal static Letter Write(string email, string provider, bool isLinked, CultureInfo language, string yard)
    {
        var (subject, why) = isLinked
            ? ("mail.linked_subject", "mail.linked_why")
            : ("mail.unlinked_subject", "mail.unlinked_why");
        return Letters.Write(
            email,
            Say(subject),
            string.Format(language, Say(why), new Uri(yard).Host, provider),
            (Say("mail.connection_act"), $"{yard}/settings/connections"),
            [Say("mail.connection_otherwise")],
            language,
            yard
        );

        string Say(string key) => FrameWords.Say.In(language, key);
    }
}
