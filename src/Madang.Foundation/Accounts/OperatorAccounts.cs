using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Microsoft.AspNetCore.Identity;

namespace Madang.Foundation.Accounts;

/// <summary>
/// What the operator does to accounts at the machine itself, by the rules of the API. Whoever can read the database could do as much;
/// so nobody is asked for his password.
/// </summary>
internal sealed class OperatorAccounts(
    Database db,
    AccountStore accounts,
    UserManager<User> identity,
    InputCheck check,
    Rooms rooms
)
{
    private const int PageSize = 500;

    /// <summary>Makes an account, whether sign-up is open or not. The first one is the admin's, as everywhere.</summary>
    /// <exception cref="StartupException">A rule is broken, or the e-mail is taken.</exception>
    internal async Task<User> Add(string email, string name, string password, bool isAdmin, CancellationToken stop)
    {
        var errors = await check.Errors(
            new SignUpInput
            {
                Email = email,
                Username = name,
                Password = password,
            },
            stop
        );
        if (errors.Count > 0)
        {
            throw new StartupException(string.Join(" ", errors.Select(one => $"{one.Key}: {one.Value[0]}")));
        }
        var user = new User
        {
            Email = Fold.Clean(email),
            Username = Fold.Clean(name).Trim(),
            SecurityStamp = Secret.New(),
            Role = isAdmin ? Roles.Admin : Roles.Member,
        };
        user.PasswordHash = await Hash(user, password);
        var isMade = await db.Write(
            async sql =>
            {
                await WorkspaceStore.Lock(sql);
                user.Role = await WorkspaceStore.HasUsers(sql) ? user.Role : Roles.Admin;
                return await AccountStore.Insert(sql, user);
            },
            stop
        );
        return isMade ? user : throw new StartupException($"{email} has an account already.");
    }

    /// <summary>Changes what an admin may change about a user.</summary>
    /// <returns>The user as he is now.</returns>
    /// <exception cref="StartupException">There is none with this e-mail, or he is the last admin.</exception>
    internal async Task<User> Change(string email, UserChangeInput input, CancellationToken stop)
    {
        var user = await Find(email, stop);
        return
            await UserEndpoints.ChangeUser(user.Id, input, Precondition.None, accounts, rooms, Client.Machine, stop)
                is { } refused
            ? throw new StartupException(refused.Sentence)
            : (await accounts.Find(user.Id, stop))!;
    }

    /// <summary>Gives a user another password, and ends all his sessions.</summary>
    /// <exception cref="StartupException">There is none with this e-mail, or the password breaks the rules.</exception>
    internal async Task SetPassword(string email, string password, CancellationToken stop)
    {
        var user = await Find(email, stop);
        var hash = await Hash(user, password);
        var outcome = await accounts.Update(
            user.Id,
            async (sql, stored) =>
            {
                await NewPassword.Set(sql, stored, hash, null, SignInRecords.OperatorPassword, Client.Machine);
                return Accounts.Change.Done;
            },
            stop
        );
        if (outcome != Accounts.Change.Done)
        {
            throw new StartupException(outcome.Refusal().Sentence);
        }
    }

    /// <returns>All users, the oldest first.</returns>
    internal async IAsyncEnumerable<User> List(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        for (long offset = 0; ; offset += PageSize)
        {
            var (_, users) = await accounts.List(offset, PageSize, stop);
            foreach (var user in users)
            {
                yield return user;
            }
            if (users.Count < PageSize)
            {
                yield break;
            }
        }
    }

    /// <exception cref="StartupException">There is none.</exception>
    internal async Task<User> Find(string email, CancellationToken stop) =>
        await accounts.FindByEmail(Fold.Clean(email), stop)
        ?? throw new StartupException($"Nobody here has the e-mail {email}.");

    private async Task<string> Hash(User user, string password)
    {
        foreach (var validator in identity.PasswordValidators)
        {
            if (!(await validator.ValidateAsync(identity, user, password)).Succeeded)
            {
                throw new StartupException(Refused.Field("password", "sign_up.weak_password").Errors!["password"][0]);
            }
        }
        return identity.PasswordHasher.HashPassword(user, password);
    }
}
