using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.Identity;

namespace Madang.Tests.Accounts;

/// <summary>Counts how often a password is checked, and lets a test act in that very moment.</summary>
internal sealed class Hasher(IPasswordHasher<User> inner, Action afterVerifying) : IPasswordHasher<User>
{
    internal int Verifications { get; private set; }

    public string HashPassword(User user, string password) => inner.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        Verifications++;
        var verdict = inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        afterVerifying();
        return verdict;
    }
}

/// <summary>Counts the visits to a database.</summary>
internal sealed class CountedDatabase(Database inner) : Database(inner.Clock)
{
    public override Dialect Dialect => inner.Dialect;

    internal int Reads { get; private set; }

    internal int Writes { get; private set; }

    public override Task<T> Read<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        Reads++;
        return inner.Read(work, stop);
    }

    public override Task<T> Write<T>(Func<Sql, Task<T>> work, CancellationToken stop)
    {
        Writes++;
        return inner.Write(work, stop);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal override Task<T> Migrate<T>(Func<Sql, Task<T>> work, CancellationToken stop) => inner.Migrate(work, stop);

    internal override Task<T> Snapshot<T>(string scratch, Func<Sql, Task<T>> work, CancellationToken stop) =>
        inner.Snapshot(scratch, work, stop);
}
