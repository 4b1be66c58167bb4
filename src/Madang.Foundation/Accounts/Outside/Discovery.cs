namespace Madang.Foundation.Accounts.Outside;

/// <summary>
/// Asks one provider for the endpoints that the configuration lacks (OpenID Connect Discovery 1.0, 4): once for all who wait, within
/// the time limit of <see cref="OutsideCalls"/>, and not again for a while after it failed. What it once told stays. A provider that is
/// slow keeps nobody waiting who wants another.
/// </summary>
internal sealed class Discovery(ProviderOptions provider, OutsideCalls calls, TimeProvider clock)
{
    /// <summary>How long a failure is the answer: whoever comes meanwhile is told at once.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private Task? asking;
    private DateTimeOffset failedAt;

    /// <exception cref="OutsideException">The provider doesn't tell.</exception>
    internal Task Complete(CancellationToken stop) => IsComplete ? Task.CompletedTask : Ask().WaitAsync(stop);

    private bool IsComplete =>
        provider is { AuthorizationEndpoint: not null, TokenEndpoint: not null, UserInformationEndpoint: not null };

    /// <summary>It heeds nobody's cancellation, since others wait for the same.</summary>
    private Task Ask()
    {
        lock (gate)
        {
            if (asking is null || (asking.IsFaulted && clock.GetUtcNow() - failedAt >= Memory))
            {
                asking = Fetch();
            }
            return asking;
        }
    }

    private async Task Fetch()
    {
        // Not under the lock.
        await Task.Yield();
        try
        {
            await Read();
        }
        finally
        {
            failedAt = clock.GetUtcNow();
        }
    }

    private async Task Read()
    {
        var issuer = provider.Settings.Issuer!;
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"{issuer.TrimEnd('/')}/.well-known/openid-configuration"
        );
        var (_, told) = await calls.Ask(request, CancellationToken.None);
        if (OutsideCalls.Text(told, "issuer") != issuer)
        {
            throw new OutsideException(Trouble.Rubbish, $"{request.RequestUri} tells of another issuer.");
        }
        // The user information last: with it the provider counts as complete.
        provider.AuthorizationEndpoint ??= Url("authorization_endpoint");
        provider.TokenEndpoint ??= Url("token_endpoint");
        provider.UserInformationEndpoint ??= Url("userinfo_endpoint");

        string Url(string name) =>
            OutsideCalls.Text(told, name) is { } url && OutsideCalls.IsSafe(url)
                ? url
                : throw new OutsideException(Trouble.Rubbish, $"{request.RequestUri} tells no {name} to go to.");
    }
}
