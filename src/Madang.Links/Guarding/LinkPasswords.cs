using Madang.Foundation.Http;
using Madang.Links.Shortening;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Madang.Links.Guarding;

/// <summary>
/// Hashes and checks the passwords of links as those of accounts are (PBKDF2, in as many rounds). That takes a tenth of a second by
/// design, and whoever asks need have no account: so only half of the processors do it at once, and few wait for them.
/// </summary>
public sealed class LinkPasswords(IOptions<PasswordHasherOptions> options) : IDisposable
{
    internal const int Shortest = 4;
    internal const int Longest = 256;

    /// <summary>Each of them waits a few seconds at most.</summary>
    private const int MostWaiting = 32;

    private readonly PasswordHasher<Link> hasher = new(options);
    private readonly SemaphoreSlim turn = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int present;
    private int count;

    /// <summary>How many passwords were looked at or hashed so far.</summary>
    internal int Count => count;

    /// <returns>The link to be made with what is kept of its password; null when too many wait already.</returns>
    internal async Task<LinkInput?> Hashed(LinkInput input, CancellationToken stop) =>
        input.Password is not { } password ? input
        : await Hash(password, stop) is { } hash ? input with { PasswordHash = hash }
        : null;

    /// <returns>The change with what is kept of its password; null when too many wait already.</returns>
    internal async Task<LinkChangeInput?> Hashed(LinkChangeInput input, CancellationToken stop) =>
        input.Password.Value is not { } password ? input
        : await Hash(password, stop) is { } hash ? input with { PasswordHash = hash }
        : null;

    private Task<string?> Hash(string password, CancellationToken stop) =>
        InTurn<string?>(() => hasher.HashPassword(null!, password), null, stop);

    /// <returns>Whether it is the password; null when too many wait already.</returns>
    internal Task<bool?> IsRight(string hash, string password, CancellationToken stop) =>
        InTurn<bool?>(
            () => hasher.VerifyHashedPassword(null!, hash, password) != PasswordVerificationResult.Failed,
            null,
            stop
        );

    /// <summary>The answer when too many wait.</summary>
    internal static Refused Busy(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return new Refused(StatusCodes.Status429TooManyRequests);
    }

    /// <inheritdoc />
    public void Dispose() => turn.Dispose();

    private async Task<T> InTurn<T>(Func<T> work, T busy, CancellationToken stop)
    {
        try
        {
            if (Interlocked.Increment(ref present) > MostWaiting)
            {
                return busy;
            }
            await turn.WaitAsync(stop);
            try
            {
                Interlocked.Increment(ref count);
                return await Task.Run(work, CancellationToken.None);
            }
            finally
            {
                turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref present);
        }
    }
}
