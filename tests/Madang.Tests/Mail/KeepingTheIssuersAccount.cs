using System.Net;
using Madang.Tests.Accounts;
using Madang.Tests.Outside;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

public sealed class KeepingTheIssuersAccountOnSqlite(OwnersSqliteYard yard)
    : KeepingTheIssuersAccount(yard, yard.Smtp, yard.Provider, yard.Issuer),
        IClassFixture<OwnersSqliteYard>;

public sealed class KeepingTheIssuersAccountOnPostgres(OwnersPostgresYard yard)
    : KeepingTheIssuersAccount(yard, yard.Smtp, yard.Provider, yard.Issuer),
        IClassFixture<OwnersPostgresYard>;

/// <summary>Whom a trusted issuer vouches for has one account, whatever he does about a password.</summary>
public abstract class KeepingTheIssuersAccount(Yard yard, SmtpServer smtp, TestProvider provider, TestIssuer issuer)
{
    [Fact]
    public async Task A_password_reset_leaves_him_the_account_that_his_token_made()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var me = await Id(issuer.IdToken("pool", Vouched(email)));
        await smtp.ResetPassword(yard, email);
        Assert.Equal(me, await Id(issuer.Token("pool")));
    }

    [Fact]
    public async Task Where_people_come_in_through_the_issuer_too_its_word_for_the_address_keeps_the_account()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var me = await Id(Twofold(issuer.IdToken("member", Vouched(email))));
        // An access token tells no e-mail, and takes none away.
        yard.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(me, await Id(Twofold(issuer.Token("member"))));
        await smtp.ResetPassword(yard, email);
        Assert.Equal(me, await Id(Twofold(issuer.Token("member"))));
    }

    [Fact]
    public async Task Where_people_come_in_through_the_issuer_too_a_stranger_of_it_keeps_no_way_in()
    {
        var thief = await yard.SignUp();
        provider.Member = new($"thief-{thief.Id}");
        var browser = await new Browser(yard).SignIn(thief);
        using var back = await browser.Walk(await browser.LinkOf("acme"));
        Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
        var token = Twofold(issuer.Token($"thief-{thief.Id}"));
        Assert.Equal(thief.Id, await Id(token));
        await smtp.ResetPassword(yard, thief.Email);
        Assert.NotEqual(thief.Id, await Id(token));
    }

    private static string Vouched(string email) => $",\"email\":\"{email}\",\"email_verified\":true";

    /// <summary>Of the issuer that is a provider of this yard as well.</summary>
    private OutsideToken Twofold(OutsideToken token) => token with { Issuer = $"\"{provider.Url}\"" };

    private async Task<long> Id(OutsideToken token)
    {
        using var answer = await yard.Anonymous.Send(
            HttpMethod.Get,
            "/api/v1/users/me",
            null,
            ("Authorization", $"Bearer {token}")
        );
        return (await answer.Json(HttpStatusCode.OK)).Number("id");
    }
}
