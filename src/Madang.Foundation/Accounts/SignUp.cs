using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Mail;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>What somebody gives to get an account.</summary>
public sealed record SignUpInput
{
    /// <summary>The e-mail address, unique without regard to case.</summary>
    [Needed, Email]
    public string? Email { get; init; }

    /// <summary>The display name: 1 to 64 characters of any script, not unique.</summary>
    [Needed, Longest(64)]
    public string? Username { get; init; }

    /// <summary>The password: 8 to 256 characters, kept exactly as typed.</summary>
    [Needed, Longest(256)]
    public string? Password { get; init; }

    /// <summary>The code printed at start; only the first sign-up from another machine needs it.</summary>
    [Longest(64)]
    public string? SetupCode { get; init; }

    /// <summary>The token of an invitation, when sign-up is closed.</summary>
    [Longest(64)]
    public string? Invitation { get; init; }
}

/// <summary>Who may get an account, decided and done in one transaction.</summary>
public sealed class SignUp
{
    private readonly Database db;
    private readonly UserManager<User> identity;
    private readonly IOptions<SignInSettings> options;
    private readonly Mailer mailer;

    internal SignUp(Database db, UserManager<User> identity, IOptions<SignInSettings> options, Mailer mailer) =>
        (this.db, this.identity, this.options, this.mailer) = (db, identity, options, mailer);

    /// <returns>Whether a visitor without an invitation would get an account, and whether he would be the first.</returns>
    internal Task<(bool IsOpen, bool IsFirst)> State(CancellationToken stop) =>
        db.Read(
            async sql =>
            {
                var isFirst = !await WorkspaceStore.HasUsers(sql);
                return (isFirst || await IsOpen(sql), isFirst);
            },
            stop
        );

    /// <returns>The new user, or why there is none.</returns>
    internal async Task<(User? User, Refused? Refused)> Make(SignUpInput input, bool isLocal, CancellationToken stop)
    {
        var user = new User
        {
            Email = Fold.Clean(input.Email!),
            Username = Fold.Clean(input.Username!).Trim(),
            SecurityStamp = Secret.New(),
            Role = Roles.Member,
        };
        foreach (var validator in identity.PasswordValidators)
        {
            if (!(await validator.ValidateAsync(identity, user, input.Password)).Succeeded)
            {
                return (null, Refused.Field("password", "sign_up.weak_password"));
            }
        }
        user.PasswordHash = identity.PasswordHasher.HashPassword(user, input.Password!);
        return await db.Write<(User?, Refused?)>(
            async sql =>
            {
                if (await Admit(sql, user, input, isLocal) is { } refused)
                {
                    sql.RollBack();
                    return (null, refused);
                }
                if (mailer.IsOn)
                {
                    await MailedLinkStore.Ask(
                        sql,
                        MailedLinkStore.EmailVerification,
                        user.Email,
                        user.Id,
                        MailEndpoints.Language
                    );
                }
                return (user, null);
            },
            stop
        );
    }

    private async Task<Refused?> Admit(Sql sql, User user, SignUpInput input, bool isLocal)
    {
        await WorkspaceStore.Lock(sql);
        if (!await WorkspaceStore.HasUsers(sql))
        {
            if (!isLocal && !IsSame(input.SetupCode, await WorkspaceStore.SetupCode(sql)))
            {
                return new Refused(StatusCodes.Status403Forbidden, "sign_up.needs_setup_code");
            }
            user.Role = Roles.Admin;
            await AccountStore.Insert(sql, user);
            return null;
        }
        var invitation = input.Invitation is { } token ? await InvitationStore.FindOpen(sql, token) : null;
        if (invitation is null && !await IsOpen(sql))
        {
            return new Refused(
                StatusCodes.Status403Forbidden,
                input.Invitation is null ? "sign_up.closed" : "sign_up.bad_invitation"
            );
        }
        user.Role = invitation?.Role ?? Roles.Member;
        if (!await AccountStore.Insert(sql, user))
        {
            return new Refused(StatusCodes.Status409Conflict, "sign_up.email_taken");
        }
        return invitation is null || await InvitationStore.Use(sql, invitation.Id, user.Id)
            ? null
            : new Refused(StatusCodes.Status403Forbidden, "sign_up.bad_invitation");
    }

    private async Task<bool> IsOpen(Sql sql) => options.Value.AllowSignUp ?? await WorkspaceStore.IsSignUpOpen(sql);

    private static bool IsSame(string? given, string? code) =>
        given is not null
        && code is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(code));
}
