using System.Net;
using System.Net.Sockets;
using Madang.Foundation.Mail;
using Madang.Tests.Yards;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Madang.Tests.Mail;

/// <summary>What leaves the yard by mail: how it looks to who gets it, and what becomes of what can't be sent.</summary>
public sealed class SendingMail(MailingSqliteYard yard) : IClassFixture<MailingSqliteYard>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_is_in_the_user_s_language_else_in_that_of_the_request()
    {
        var me = await yard.SignUp();
        await yard.Smtp.Come(me.Email);
        await Ask(me.Email, "ko");
        var korean = await yard.Smtp.Come(me.Email, 2);
        Assert.Equal("마당 비밀번호를 새로 정하는 링크예요", korean.Subject);
        Assert.Equal(
            "마당 <yard@yard.example.com>",
            korean.Headers["From"].Replace("\"", "", StringComparison.Ordinal)
        );
        Assert.Contains("yard.example.com의 비밀번호를", korean.Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"ko\">", korean.Html, StringComparison.Ordinal);
        Assert.Equal("auto-generated", korean.Headers["Auto-Submitted"]);
        Assert.Matches("^<[0-9a-f]{32}@yard.example.com>$", korean.Headers["Message-ID"]);

        await me.Client.Send(HttpMethod.Patch, "/api/v1/users/me", new { language = "en" }).Is(HttpStatusCode.OK);
        await Ask(me.Email, "ko");
        Assert.Equal("A link to set a new password for Madang", (await yard.Smtp.Come(me.Email, 3)).Subject);
    }

    [Fact]
    public async Task Links_begin_with_the_public_URL_whatever_the_request_says_of_the_host()
    {
        var me = await yard.SignUp();
        await yard.Smtp.Come(me.Email);
        await yard
            .Anonymous.Send(
                HttpMethod.Post,
                "/api/v1/auth/reset",
                new { email = me.Email },
                ("Host", "evil.example.net"),
                ("X-Forwarded-Host", "evil.example.net")
            )
            .Is(HttpStatusCode.Accepted);
        var letter = await yard.Smtp.Come(me.Email, 2);
        Assert.Equal("https://yard.example.com/reset", letter.Link.GetLeftPart(UriPartial.Path));
        Assert.DoesNotContain("evil", letter.Text + letter.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_the_server_refuses_for_good_is_tried_once()
    {
        await SignUp("gone@example.com");
        await Probe.Until(async () => await States("done") > 0 && yard.Smtp.RefusalsOf("gone@example.com") == 1);
        await Probe.Until(async () => await Untried() == 0);
        yard.Clock.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(SignUp("after@example.com"), yard.Smtp.Come("after@example.com"));
        Assert.Equal(1, yard.Smtp.RefusalsOf("gone@example.com"));
        Assert.Empty(yard.Smtp.For("gone@example.com"));
    }

    [Fact]
    public async Task Whom_it_refuses_for_now_is_tried_again()
    {
        await SignUp("later@example.com");
        await Probe.Until(() => Deferrals("later@example.com") == 1);
        await Probe.Until(async () => await Failures() == 1);
        yard.Clock.Advance(TimeSpan.FromSeconds(3));
        await Probe.Until(() => Deferrals("later@example.com") == 2);
    }

    [Fact]
    public async Task Nothing_that_somebody_typed_stands_in_a_mail()
    {
        await yard
            .Anonymous.Send(
                HttpMethod.Post,
                "/api/v1/users",
                new
                {
                    email = "victim@example.com",
                    username = "Buy at http://evil.example.net",
                    password = Yard.Password,
                }
            )
            .Is(HttpStatusCode.Created);
        var letter = await yard.Smtp.Come("victim@example.com");
        Assert.Equal("https://yard.example.com/verify", letter.Link.GetLeftPart(UriPartial.Path));
        Assert.DoesNotContain(
            "evil",
            string.Concat(letter.Headers.Values) + letter.Text + letter.Html,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a@example.com\r\nBcc: b@example.com")]
    [InlineData("a@example.com,b@example.com")]
    [InlineData("a(b@example.com)@example.net")]
    [InlineData("\"a b\"@example.com\n")]
    public async Task What_is_no_plain_address_gets_no_mail(string address) =>
        Assert.False(await yard.Get<Mailer>().Send(new Foundation.Mail.Letter(address, "s", "t", "h"), Stop));

    [Fact]
    public async Task A_subject_with_a_line_break_is_not_sent() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() =>
            yard.Get<Mailer>()
                .Send(new Foundation.Mail.Letter("a@example.com", "s\r\nBcc: b@example.com", "t", "h"), Stop)
        );

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var settings = new MailSettings
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)silent.LocalEndpoint).Port,
            From = "yard@example.com",
        };
        var mailer = new Mailer(Options.Create(settings), yard.Get<IConfiguration>(), NullLogger<Mailer>.Instance)
        {
            Limit = TimeSpan.FromMilliseconds(200),
        };
        await Assert.ThrowsAsync<TimeoutException>(() =>
            mailer.Send(new Foundation.Mail.Letter("a@example.com", "s", "t", "h"), Stop)
        );
    }

    [Fact]
    public async Task A_server_that_is_down_gets_it_when_it_is_back()
    {
        await yard.Smtp.Close();
        try
        {
            await SignUp("patient@example.com");
            await Probe.Until(async () => await Failures() > 0);
        }
        finally
        {
            await yard.Smtp.Open();
        }
        yard.Clock.Advance(TimeSpan.FromMinutes(1));
        await yard.Smtp.Come("patient@example.com");
    }

    private Task SignUp(string email) =>
        yard
            .Anonymous.Send(
                HttpMethod.Post,
                "/api/v1/users",
                new
                {
                    email,
                    username = "김",
                    password = Yard.Password,
                }
            )
            .Is(HttpStatusCode.Created);

    private Task Ask(string email, string language) =>
        yard
            .Anonymous.Send(HttpMethod.Post, "/api/v1/auth/reset", new { email }, ("Accept-Language", language))
            .Is(HttpStatusCode.Accepted);

    private int Deferrals(string address) =>
        yard.Smtp.Log.Count(line => line.Contains($"temporarily rejected RCPT <{address}>", StringComparison.Ordinal));

    private Task<long> States(string state) =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM deliveries WHERE state = @state", new { state }),
            Stop
        );

    /// <summary>Those of other tests that are to be tried again don't count.</summary>
    private Task<long> Untried() =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM deliveries WHERE state = 'waiting' AND error IS NULL"),
            Stop
        );

    private Task<long> Failures() =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM deliveries WHERE state = 'waiting' AND error IS NOT NULL"),
            Stop
        );
}
