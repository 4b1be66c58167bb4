using Madang.Tests.Outside;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

/// <summary>A yard that sends mail, has providers, and trusts two issuers, one of which is the provider acme too.</summary>
public sealed class OwnersSqliteYard : SqliteYard
{
    public SmtpServer Smtp { get; private set; } = null!;

    public TestProvider Provider { get; private set; } = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    protected override string[] Settings =>
        [.. base.Settings, .. Smtp.Settings(), .. OutsideSettings.Of(Provider), .. OwnersSettings.Of(Issuer, Provider)];

    protected override async Task<string[]> DatabaseSettings()
    {
        (Smtp, Provider, Issuer) = (await SmtpServer.Start(), await TestProvider.Start(), await TestIssuer.Start());
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
        await Provider.DisposeAsync();
        await Smtp.DisposeAsync();
    }
}

/// <inheritdoc cref="OwnersSqliteYard" />
public sealed class OwnersPostgresYard(PostgresServer postgres) : PostgresYard(postgres)
{
    public SmtpServer Smtp { get; private set; } = null!;

    public TestProvider Provider { get; private set; } = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    protected override string[] Settings =>
        [.. base.Settings, .. Smtp.Settings(), .. OutsideSettings.Of(Provider), .. OwnersSettings.Of(Issuer, Provider)];

    protected override async Task<string[]> DatabaseSettings()
    {
        (Smtp, Provider, Issuer) = (await SmtpServer.Start(), await TestProvider.Start(), await TestIssuer.Start());
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
        await Provider.DisposeAsync();
        await Smtp.DisposeAsync();
    }
}

internal static class OwnersSettings
{
    internal static string[] Of(TestIssuer issuer, TestProvider provider) =>
        [
            .. issuer.Settings,
            $"--SignIn:TrustedIssuers:1:Issuer={provider.Url}",
            $"--SignIn:TrustedIssuers:1:Audience={TestIssuer.Audience}",
            $"--SignIn:TrustedIssuers:1:JwksUri={issuer.Url}/.well-known/jwks.json",
        ];
}
