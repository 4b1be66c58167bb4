using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

/// <summary>A yard that trusts an outside issuer, and in which sign-up is closed after its admin.</summary>
public sealed class TrustingSqliteYard : SqliteYard
{
    public TestIssuer Issuer { get; private set; } = null!;

    protected override string[] Settings => [.. Issuer.Settings, "--RateLimits:Enabled=false"];

    protected override async Task<string[]> DatabaseSettings()
    {
        Issuer = await TestIssuer.Start();
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}

/// <inheritdoc cref="TrustingSqliteYard" />
public sealed class TrustingPostgresYard(PostgresServer postgres) : PostgresYard(postgres)
{
    public TestIssuer Issuer { get; private set; } = null!;

    protected override string[] Settings => [.. Issuer.Settings, "--RateLimits:Enabled=false"];

    protected override async Task<string[]> DatabaseSettings()
    {
        Issuer = await TestIssuer.Start();
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
