using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

/// <summary>Yards with a provider beside them, under two names: in Naver's dialect, and with proof keys.</summary>
[CollectionDefinition(nameof(OutsideSqliteYards))]
public sealed class OutsideSqliteYards : ICollectionFixture<OutsideSqliteYard>;

/// <inheritdoc cref="OutsideSqliteYards" />
[CollectionDefinition(nameof(OutsidePostgresYards))]
public sealed class OutsidePostgresYards : ICollectionFixture<OutsidePostgresYard>;

public sealed class OutsideSqliteYard : SqliteYard
{
    public TestProvider Provider { get; private set; } = null!;

    protected override string[] Settings => [.. base.Settings, .. OutsideSettings.Of(Provider)];

    protected override async Task<string[]> DatabaseSettings()
    {
        Provider = await TestProvider.Start();
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
    }
}

public sealed class OutsidePostgresYard(PostgresServer postgres) : PostgresYard(postgres)
{
    public TestProvider Provider { get; private set; } = null!;

    protected override string[] Settings => [.. base.Settings, .. OutsideSettings.Of(Provider)];

    protected override async Task<string[]> DatabaseSettings()
    {
        Provider = await TestProvider.Start();
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
    }
}

internal static class OutsideSettings
{
    /// <summary>A provider whose redirect base comes from the request, which only a yard under development allows.</summary>
    internal static string[] Of(TestProvider provider) =>
        [
            "--environment=Development",
            "--SignIn:OutsideTimeLimit=00:00:01",
            .. provider.Settings(),
            .. provider.Settings("acme"),
            "--SignIn:Providers:acme:DisplayName=Acme",
            $"--SignIn:Providers:acme:Issuer={provider.Url}",
            "--SignIn:Providers:acme:Subject=response.id",
            "--SignIn:Providers:acme:Email=response.email",
            "--SignIn:Providers:acme:EmailVerified=response.verified",
            "--SignIn:Providers:acme:Username=response.name",
        ];
}
