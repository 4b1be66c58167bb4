using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

/// <summary>A yard that sends mail, to an SMTP server of its own.</summary>
public sealed class MailingSqliteYard : SqliteYard, IMailing
{
    public SmtpServer Smtp { get; private set; } = null!;

    protected override string[] Settings => [.. base.Settings, .. Smtp.Settings()];

    protected override async Task<string[]> DatabaseSettings()
    {
        Smtp = await SmtpServer.Start();
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Smtp.DisposeAsync();
    }
}

/// <inheritdoc cref="MailingSqliteYard" />
public sealed class MailingPostgresYard(PostgresServer postgres) : PostgresYard(postgres), IMailing
{
    public SmtpServer Smtp { get; private set; } = null!;

    protected override string[] Settings => [.. base.Settings, .. Smtp.Settings()];

    protected override async Task<string[]> DatabaseSettings()
    {
        Smtp = await SmtpServer.Start();
        return await base.DatabaseSettings();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Smtp.DisposeAsync();
    }
}

public interface IMailing
{
    SmtpServer Smtp { get; }
}
