using Madang.Foundation.Mail;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts;

/// <summary>Shows the first page of the settings as things stand.</summary>
internal sealed class Settings(AccountStore accounts, Mailer mailer)
{
    internal async Task<IResult> Show(SettingsState state, CurrentUser me, CancellationToken stop)
    {
        var owner = await accounts.Find(me.Id, stop);
        return Pages.Show<SettingsPage>(
            new
            {
                State = state,
                Owner = new SettingsPage.Shown(owner?.Email, owner?.NewEmail, owner?.EmailVerifiedAt),
                SendsMail = mailer.IsOn,
            },
            (state.Profile ?? state.Password ?? state.Deletion)?.Status ?? StatusCodes.Status200OK
        );
    }
}

/// <summary>What the settings page shows besides the settings themselves.</summary>
public sealed record SettingsState
{
    /// <summary>What was just saved: <c>profile</c>, <c>password</c>, <c>email</c>, or null.</summary>
    internal string? Saved { get; init; }

    internal IForm? Profile { get; init; }

    internal IForm? Password { get; init; }

    internal IForm? Deletion { get; init; }
}
