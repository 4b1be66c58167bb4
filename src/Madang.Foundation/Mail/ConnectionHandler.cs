using Madang.Foundation.Accounts;
using Madang.Foundation.Accounts.Outside;
using Madang.Foundation.Events;
using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Mail;

/// <summary>Tells the owner of an account by mail that a provider was connected to it, or disconnected.</summary>
internal sealed class ConnectionHandler(
    AccountStore accounts,
    IReadOnlyDictionary<string, ProviderSettings> providers,
    Mailer mailer,
    IConfiguration configuration
) : IEventHandler
{
    internal static readonly HandlerName Known = new("foundation.connection", ConnectionChanged.Type);

    public HandlerName Name => Known;

    public async Task Handle(EventEnvelope envelope, CancellationToken stop)
    {
        var change = envelope.Read<ConnectionChanged>();
        if (!mailer.IsOn || await accounts.Find(change.UserId, stop) is not { Email: { } email, DisabledAt: null } user)
        {
            return;
        }
        var language = Languages.Of(user.Language) ?? Languages.Of(change.Language) ?? Languages.Korean;
        var provider = providers.GetValueOrDefault(change.Provider)?.NameIn(language) ?? change.Provider;
        var yard = PublicUrl.Configured(configuration);
        await mailer.Send(ConnectionLetters.Write(email, provider, change.IsLinked, language, yard), stop);
    }
}
