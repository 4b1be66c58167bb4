using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

/// <summary>STARTTLS: a server whose certificate nobody vouches for gets neither mail nor password.</summary>
public sealed class Encrypting
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_cannot_be_trusted_gets_nothing()
    {
        await using var smtp = await SmtpServer.Start();
        await using var yard = await NewYards.OnSqlite.Start([
            .. smtp.Settings("starttls"),
            "--SignIn:AllowSignUp=true",
        ]);
        var code = await yard.Get<Foundation.Accounts.WorkspaceStore>().SetupCodeWhileEmpty(Stop);
        await yard.SignUp(setupCode: code);
        var error = "";
        await Probe.Until(async () =>
            (
                error =
                    await yard.Database.Read(
                        sql => sql.First<string>("SELECT error FROM deliveries WHERE error IS NOT NULL"),
                        Stop
                    ) ?? ""
            ).Length > 0
        );
        Assert.Contains("certificate", error, StringComparison.Ordinal);
        Assert.DoesNotContain(smtp.Log, line => line.Contains("A=login", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trusted_one_gets_the_mail_encrypted()
    {
        await using var smtp = await SmtpServer.Start();
        using var folder = new TemporaryFolder();
        await using var program = MadangProcess.StartTrusting(
            smtp.Certificate,
            ["serve", "--urls", "http://127.0.0.1:0", folder.Setting, .. smtp.Settings("starttls")]
        );
        using var client = new HttpClient { BaseAddress = new Uri(await program.Url) };
        var made = await client.PostAsJsonAsync(
            "/api/v1/users",
            new
            {
                email = "haneul@example.com",
                username = "하늘",
                password = Yard.Password,
                setup_code = await program.SetupCode,
            },
            Stop
        );
        await made.Json(HttpStatusCode.Created);
        await smtp.Come("haneul@example.com");
        Assert.Contains(
            smtp.Log,
            line =>
                line.Contains(" X=TLS1.", StringComparison.Ordinal)
                && line.Contains("A=login", StringComparison.Ordinal)
        );
    }
}
