using Madang.Foundation.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>Shows the settings page as things stand.</summary>
internal sealed class Settings(WorkspaceStore workspace, IOptions<SignInSettings> options)
{
    internal async Task<IResult> Show(SettingsState state, CancellationToken stop)
    {
        var view = await workspace.View(stop);
        return Pages.Show<SettingsPage>(
            new
            {
                State = state,
                IsSignUpOpen = options.Value.AllowSignUp ?? view.SignUpOpen,
                IsSignUpFixed = options.Value.AllowSignUp is not null,
            },
            (state.Profile ?? state.Password ?? state.Deletion)?.Status ?? StatusCodes.Status200OK
        );
    }
}

/// <summary>What the settings page shows besides the settings themselves.</summary>
public sealed record SettingsState
{
    /// <summary>What was just saved: <c>profile</c>, <c>password</c>, <c>sign_up</c>, or null.</summary>
    internal string? Saved { get; init; }

    internal IForm? Profile { get; init; }

    internal IForm? Password { get; init; }

    internal IForm? Deletion { get; init; }

    /// <summary>An invitation's link that was just made, or null.</summary>
    internal string? Invitation { get; init; }
}
