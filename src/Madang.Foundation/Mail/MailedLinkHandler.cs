using Madang.Foundation.Accounts;
using Madang.Foundation.Events;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Mail;

/// <summary>
/// Sends the mail with a link that was asked for. The token is made here, at delivery: no event and no request ever holds it. A
/// delivery that comes a second time sends a second mail, whose link then is the one that counts.
/// </summary>
internal sealed class MailedLinkHandler(MailedLinkStore links, Mailer mailer, IConfiguration configuration)
    : IEventHandler
{
    internal static readonly HandlerName Known = new("foundation.mailed_link", MailedLinkAsked.Type);

    public HandlerName Name => Known;

    public async Task Handle(EventEnvelope envelope, CancellationToken stop)
    {
        var asked = envelope.Read<MailedLinkAsked>();
        var token = Secret.New();
        // An operator who has turned mail off meanwhile wants none sent later either.
        if (!mailer.IsOn || await links.Arm(asked.LinkId, token, stop) is not { } link)
        {
            return;
        }
        var language = Languages.Of(link.Language) ?? Languages.Of(asked.Language) ?? Languages.Korean;
        await mailer.Send(LinkLetters.Write(link, token, language, PublicUrl.Configured(configuration)), stop);
    }
}
