using Madang.Tests.Outside;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

/// <summary>A yard that sends mail and has a provider.</summary>
public sealed class OwnersSqliteYard : SqliteYard
{
    public SmtpServer Smtp { get; private set; } = null!;

    public TestProvider Provider { get; private set; } = null!;

    protected override string[] Settings => [.. base.Settings, .. Smtp.Settings(), .. OutsideSettings.Of(Provider)];

    protected override async Task<string[]> DatabaseSettings()
    {
        (Smtp, Provider) = (await SmtpServer.Start(), await TestProvider.Start());
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
        await Smtp.DisposeAsync();
    }
}

/// <inheritdoc cref="OwnersSqliteYard" />
public sealed class OwnersPostgresYard(PostgresServer postgres) : PostgresYard(postgres)
{
    public SmtpServer Smtp { get; private set; } = null!;

    public TestProvider Provider { get; private set; } = null!;

    protected override string[] Settings => [.. base.Settings, .. Smtp.Settings(), .. OutsideSettings.Of(Provider)];

    protected override async Task<string[]> DatabaseSettings()
    {
        (Smtp, Provider) = (await SmtpServer.Start(), await TestProvider.Start());
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
        await Smtp.DisposeAsync();
    }
}
