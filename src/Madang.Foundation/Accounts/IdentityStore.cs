using System.Globalization;
using Microsoft.AspNetCore.Identity;

namespace Madang.Foundation.Accounts;

/// <summary>
/// The users as ASP.NET Core Identity asks for them. Identity's "user name" is our e-mail, since our username is a display name
/// that need not be unique. Users are made by <see cref="SignUp"/>, which must decide and write in one transaction.
/// </summary>
internal sealed class IdentityStore(AccountStore accounts)
    : IUserPasswordStore<User>,
        IUserSecurityStampStore<User>,
        IUserEmailStore<User>
{
    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id.ToString(CultureInfo.InvariantCulture));

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Email);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Email);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        accounts.Find(long.Parse(userId, CultureInfo.InvariantCulture), cancellationToken);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        accounts.FindByEmail(normalizedUserName, cancellationToken);

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Users are made by SignUp.");

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Users are deleted by AccountStore.Delete.");

    /// <summary>Writes what Identity changes: the password hash and the stamp that ends other sessions.</summary>
    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        var outcome = await accounts.Update(
            user.Id,
            (_, stored) =>
            {
                (stored.PasswordHash, stored.SecurityStamp) = (user.PasswordHash, user.SecurityStamp);
                return Task.FromResult(Change.Done);
            },
            cancellationToken
        );
        return outcome == Change.Done ? IdentityResult.Success : IdentityResult.Failed();
    }

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash is not null);

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        accounts.FindByEmail(normalizedEmail, cancellationToken);

    public Task<string?> GetEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Email);

    public Task SetEmailAsync(User user, string? email, CancellationToken cancellationToken)
    {
        user.Email = email;
        return Task.CompletedTask;
    }

    public Task<bool> GetEmailConfirmedAsync(User user, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task SetEmailConfirmedAsync(User user, bool confirmed, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<string?> GetNormalizedEmailAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Email);

    public Task SetNormalizedEmailAsync(User user, string? normalizedEmail, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public void Dispose() { }
}
