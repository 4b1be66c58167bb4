using System.Net;
using Madang.Foundation.Modules;
using Madang.Host.Verbs;
using Madang.Tests.Yards;
using Microsoft.Extensions.Configuration;

namespace Madang.Tests.Mail;

/// <summary>A yard without a mail server says whom to ask; half a configuration is told at start.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class WithoutMail(SqliteYard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_sent_and_the_answer_says_whom_to_ask()
    {
        var me = await yard.SignUp();
        var refused = await yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/reset", new { email = me.Email });
        Assert.Contains(
            "admin",
            (await refused.Problem(HttpStatusCode.Conflict)).Text("detail"),
            StringComparison.Ordinal
        );
        await me.Client.Send(HttpMethod.Post, "/api/v1/users/me/verification").Is(HttpStatusCode.Conflict);
        var change = new { email = "new@example.com", current_password = Yard.Password };
        await me.Client.Send(HttpMethod.Put, "/api/v1/users/me/email", change).Is(HttpStatusCode.Conflict);
        var page = await yard.Anonymous.GetStringAsync("/forgot", Stop);
        Assert.Contains("관리자에게 부탁해", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", page, StringComparison.Ordinal);
        Assert.Equal(0, await yard.Database.Read(sql => sql.Single<long>("SELECT count(*) FROM mailed_links"), Stop));
    }

    [Theory]
    [InlineData("Public:BaseUrl", "")]
    [InlineData("Mail:From", "")]
    [InlineData("Mail:From", "nobody")]
    [InlineData("Mail:From", "a@example.com\r\nBcc: b@example.com")]
    [InlineData("Mail:Port", "0")]
    [InlineData("Mail:Port", "smtp")]
    [InlineData("Mail:Tls", "implicit")]
    public void What_mail_lacks_is_told_at_start(string name, string value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Mail:Host"] = "mail.example.com",
            ["Mail:From"] = "Madang <yard@example.com>",
            ["Public:BaseUrl"] = "https://yard.example.com",
        };
        SettingsCheck.Run(Configuration(settings));
        var refused = Assert.Throws<StartupException>(() =>
            SettingsCheck.Run(Configuration(new(settings) { [name] = value }))
        );
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Configuration(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
