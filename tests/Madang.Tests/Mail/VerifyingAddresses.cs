using System.Net;
using System.Text.Json;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

public sealed class VerifyingAddressesOnSqlite(MailingSqliteYard yard)
    : VerifyingAddresses(yard, yard.Smtp),
        IClassFixture<MailingSqliteYard>;

public sealed class VerifyingAddressesOnPostgres(MailingPostgresYard yard)
    : VerifyingAddresses(yard, yard.Smtp),
        IClassFixture<MailingPostgresYard>;

/// <summary>An address is verified by who follows the link that was mailed to it; a new one counts from then on.</summary>
public abstract class VerifyingAddresses(Yard yard, SmtpServer smtp)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signing_up_mails_a_link_that_verifies_the_address_when_its_button_is_pressed()
    {
        var me = await yard.SignUp();
        Assert.False((await Me(me)).GetProperty("email_verified").GetBoolean());
        var token = (await smtp.Come(me.Email)).Token;
        var browser = new Browser(yard);
        using var page = await browser.Send(HttpMethod.Get, $"/verify?token={token}");
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.False((await Me(me)).GetProperty("email_verified").GetBoolean());

        using var answer = await browser.Post($"/verify?token={token}", "/verify", ("token", token));
        Assert.Equal("/verify?done=true", answer.Headers.Location?.OriginalString);
        Assert.True((await Me(me)).GetProperty("email_verified").GetBoolean());
        await Verify(token).IsBad("token");
    }

    [Fact]
    public async Task A_new_address_counts_once_it_is_verified()
    {
        var me = await yard.SignUp();
        await Verify((await smtp.Come(me.Email)).Token).Is(HttpStatusCode.NoContent);
        var wanted = $"new-{me.Email}";
        await Change(me, wanted, "이건 아니에요").IsBad("current_password");
        await Change(me, wanted).Is(HttpStatusCode.Accepted);
        var letter = await smtp.Come(wanted);
        var before = await Me(me);
        Assert.Equal((me.Email, wanted), (before.Text("email"), before.Text("new_email")));
        await LogIn(wanted).Is(HttpStatusCode.BadRequest);

        await Verify(letter.Token).Is(HttpStatusCode.NoContent);
        var after = await Me(me);
        Assert.Equal((wanted, JsonValueKind.Null), (after.Text("email"), after.GetProperty("new_email").ValueKind));
        Assert.True(after.GetProperty("email_verified").GetBoolean());
        await LogIn(wanted).Is(HttpStatusCode.OK);
        await LogIn(me.Email).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Of_two_who_want_one_address_it_is_the_first_to_verify_it()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        await Change(me, other.Email).Is(HttpStatusCode.Conflict);
        var wanted = $"shared-{me.Id}@example.com";
        await Change(me, wanted).Is(HttpStatusCode.Accepted);
        var mine = (await smtp.Come(wanted)).Token;
        await Change(other, wanted).Is(HttpStatusCode.Accepted);
        var his = (await smtp.Come(wanted, 2)).Token;
        var answers = await Task.WhenAll(Verify(mine), Verify(his));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Conflict);
        await LogIn(wanted).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_second_new_address_ends_the_link_to_the_first()
    {
        var me = await yard.SignUp();
        await Change(me, $"one-{me.Email}").Is(HttpStatusCode.Accepted);
        var first = (await smtp.Come($"one-{me.Email}")).Token;
        await Change(me, $"two-{me.Email}").Is(HttpStatusCode.Accepted);
        await Verify(first).IsBad("token");
        await Verify((await smtp.Come($"two-{me.Email}")).Token).Is(HttpStatusCode.NoContent);
        Assert.Equal($"two-{me.Email}", (await Me(me)).Text("email"));
    }

    [Fact]
    public async Task A_link_that_did_not_come_is_asked_for_again_and_a_deleted_account_leaves_none()
    {
        var me = await yard.SignUp();
        await smtp.Come(me.Email);
        await me.Client.Send(HttpMethod.Post, "/api/v1/users/me/verification").Is(HttpStatusCode.Accepted);
        var token = (await smtp.Come(me.Email, 2)).Token;
        await me.Client.Send(HttpMethod.Delete, "/api/v1/users/me").Is(HttpStatusCode.NoContent);
        await Verify(token).IsBad("token");
        Assert.Equal(
            0,
            await yard.Database.Read(
                sql => sql.Single<long>("SELECT count(*) FROM mailed_links WHERE user_id = @Id", new { me.Id }),
                Stop
            )
        );
    }

    private static Task<HttpResponseMessage> Change(Person person, string email, string password = Yard.Password) =>
        person.Client.Send(HttpMethod.Put, "/api/v1/users/me/email", new { email, current_password = password });

    private Task<HttpResponseMessage> Verify(string token) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/verify", new { token });

    private Task<HttpResponseMessage> LogIn(string email) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/login", new { email, password = Yard.Password });

    private static async Task<JsonElement> Me(Person person) =>
        await (await person.Client.GetAsync("/api/v1/users/me", Stop)).Json(HttpStatusCode.OK);
}
