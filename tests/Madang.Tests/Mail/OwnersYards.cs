using Madang.Tests.Outside;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

/// <summary>A yard that sends mail, has providers, and trusts two issuers, one of which is the provider acme too.</summary>
public sealed class OwnersSqliteYard : SqliteYard
{
    private readonly OwnersServers servers = new();

    public SmtpServer Smtp => servers.Smtp;

    public TestProvider Provider => servers.Provider;

    public TestIssuer Issuer => servers.Issuer;

    protected override string[] Settings => [.. base.Settings, .. servers.Settings];

    protected override async Task<string[]> DatabaseSettings()
    {
        await servers.Start();
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await servers.DisposeAsync();
    }
}

/// <inheritdoc cref="OwnersSqliteYard" />
public sealed class OwnersPostgresYard(PostgresServer postgres) : PostgresYard(postgres)
{
    private readonly OwnersServers servers = new();

    public SmtpServer Smtp => servers.Smtp;

    public TestProvider Provider => servers.Provider;

    public TestIssuer Issuer => servers.Issuer;

    protected override string[] Settings => [.. base.Settings, .. servers.Settings];

    protected override async Task<string[]> DatabaseSettings()
    {
        await servers.Start();
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await servers.DisposeAsync();
    }
}

/// <summary>What such a yard talks to.</summary>
internal sealed class OwnersServers : IAsyncDisposable
{
    internal SmtpServer Smtp { get; private set; } = null!;

    internal TestProvider Provider { get; private set; } = null!;

    internal TestIssuer Issuer { get; private set; } = null!;

    internal string[] Settings =>
        [
            .. Smtp.Settings(),
            .. OutsideSettings.Of(Provider),
            .. Issuer.Settings,
            $"--SignIn:TrustedIssuers:1:Issuer={Provider.Url}",
            $"--SignIn:TrustedIssuers:1:Audience={TestIssuer.Audience}",
            $"--SignIn:TrustedIssuers:1:JwksUri={Issuer.Url}/.well-known/jwks.json",
        ];

    internal async Task Start() =>
        (Smtp, Provider, Issuer) = (await SmtpServer.Start(), await TestProvider.Start(), await TestIssuer.Start());

    public async ValueTask DisposeAsync()
    {
        await Issuer.DisposeAsync();
        await Provider.DisposeAsync();
        await Smtp.DisposeAsync();
    }
}
