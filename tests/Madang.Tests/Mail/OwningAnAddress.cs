using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Accounts;
using Madang.Tests.Outside;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

public sealed class OwningAnAddressOnSqlite(OwnersSqliteYard yard)
    : OwningAnAddress(yard, yard.Smtp, yard.Provider),
        IClassFixture<OwnersSqliteYard>;

public sealed class OwningAnAddressOnPostgres(OwnersPostgresYard yard)
    : OwningAnAddress(yard, yard.Smtp, yard.Provider),
        IClassFixture<OwnersPostgresYard>;

/// <summary>Mail and providers together: the owner of an address hears of every way into his account, and can close all of them.</summary>
public abstract partial class OwningAnAddress(Yard yard, SmtpServer smtp, TestProvider provider)
{
    private const string Page = ConnectionLinks.Path;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_owner_is_mailed_in_his_language_that_a_provider_was_connected_and_disconnected()
    {
        var me = await yard.SignUp();
        await smtp.Come(me.Email);
        await Connect(me, "acme");
        var linked = await smtp.Come(me.Email, 2);
        Assert.Equal("계정에 로그인 연결이 하나 늘었어요", linked.Subject);
        Assert.Contains("yard.example.com 계정에 Acme 로그인", linked.Text, StringComparison.Ordinal);
        Assert.Equal(new Uri($"https://yard.example.com{Page}"), linked.Link);

        await me.Client.Send(HttpMethod.Patch, "/api/v1/users/me", new { language = "en" }).Is(HttpStatusCode.OK);
        var browser = await new Browser(yard).SignIn(me);
        var id = Unlink().Match(await browser.Page(Page)).Groups[1].Value;
        await browser.Post(Page, $"{Page}/{id}/unlink").Is(HttpStatusCode.SeeOther);
        var unlinked = await smtp.Come(me.Email, 3);
        Assert.Equal("A sign-in was disconnected from your account", unlinked.Subject);
        Assert.Contains("Acme was disconnected", unlinked.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_reset_leaves_nothing_to_who_made_the_account_with_an_address_that_he_never_verified()
    {
        // Somebody made it with another's address, and left himself ways to come back.
        var thief = await yard.SignUp();
        var token = await Token(thief);
        var browser = await Connect(thief, "naver");
        Assert.Equal(thief.Id, await CameIn());

        await smtp.ResetPassword(yard, thief.Email);
        Assert.False(await browser.IsSignedIn());
        await Ask(token).Is(HttpStatusCode.Unauthorized);
        Assert.NotEqual(thief.Id, await CameIn());
        await Probe.Until(() =>
            smtp.For(thief.Email).Any(one => one.Subject.Contains("끊었어요", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_password_reset_of_a_verified_address_leaves_personal_tokens_and_connections()
    {
        var me = await yard.SignUp();
        await Verify(me.Client, (await smtp.Come(me.Email)).Token);
        var token = await Token(me);
        var browser = await Connect(me, "naver");
        await smtp.ResetPassword(yard, me.Email);
        Assert.False(await browser.IsSignedIn());
        await Ask(token).Is(HttpStatusCode.OK);
        Assert.Equal(me.Id, await CameIn());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Who_confirms_an_address_without_being_signed_in_to_its_account_leaves_nothing_to_who_made_it(
        bool isSomebodyElse,
        bool isChanged
    )
    {
        var thief = await yard.SignUp();
        var link = (await smtp.Come(thief.Email)).Token;
        var token = await Token(thief);
        var browser = await Connect(thief, "naver");
        var address = thief.Email;
        if (isChanged)
        {
            address = $"not-his-{thief.Email}";
            await Change(thief, address);
            link = (await smtp.Come(address)).Token;
        }

        await Verify(isSomebodyElse ? (await yard.SignUp()).Client : yard.Anonymous, link);
        Assert.False(await browser.IsSignedIn());
        await Ask(token).Is(HttpStatusCode.Unauthorized);
        Assert.NotEqual(thief.Id, await CameIn());
        await Probe.Until(() =>
            smtp.For(address).Any(one => one.Subject.Contains("끊었어요", StringComparison.Ordinal))
        );
        var record = await (await new Browser(yard).SignIn(thief with { Email = address })).Page("/settings/sessions");
        Assert.Contains("메일 링크로 이메일을 확인해 모든 기기를 로그아웃", record, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_confirms_apart_from_the_account_and_then_sets_a_password_leaves_nothing_that_was_made_between(
        bool isChanged
    )
    {
        var thief = await yard.SignUp();
        var (link, address) = ((await smtp.Come(thief.Email)).Token, thief.Email);
        if (isChanged)
        {
            // His own address first, then another's.
            await Verify(thief.Client, link);
            address = $"not-his-{thief.Email}";
            await Change(thief, address);
            link = (await smtp.Come(address)).Token;
        }
        await Verify(yard.Anonymous, link);
        // He knows the password still, and leaves himself ways to come back.
        thief = await yard.SignIn(thief.Id, address);
        var token = await Token(thief);
        var browser = await Connect(thief, "naver");

        await smtp.ResetPassword(yard, address);
        Assert.False(await browser.IsSignedIn());
        await Ask(token).Is(HttpStatusCode.Unauthorized);
        Assert.NotEqual(thief.Id, await CameIn());
        // His access token lives on for its minutes, and brings nothing that would live longer.
        await MakeToken(thief).Is(HttpStatusCode.Unauthorized);
        await MakeToken(await yard.SignIn(thief.Id, address, ForgottenPassword.Next)).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_second_link_to_an_address_that_is_his_already_takes_nothing_later()
    {
        var me = await yard.SignUp();
        await me.Client.Send(HttpMethod.Post, "/api/v1/users/me/verification", new { }).Is(HttpStatusCode.Accepted);
        var second = (await smtp.Come(me.Email, 2)).Token;
        await Verify(me.Client, smtp.For(me.Email)[0].Token);
        await Verify(yard.Anonymous, second);
        var token = await Token(me);

        await smtp.ResetPassword(yard, me.Email);
        await Ask(token).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_confirms_his_address_where_he_is_signed_in_loses_nothing(bool isProgram)
    {
        var me = await yard.SignUp();
        var link = (await smtp.Come(me.Email)).Token;
        var token = await Token(me);
        var browser = await Connect(me, "naver");
        if (isProgram)
        {
            await Verify(me.Client, link);
        }
        else
        {
            using var answer = await browser.Post($"/verify?token={link}", "/verify", ("token", link));
            Assert.Equal("/verify?done=true", answer.Headers.Location?.OriginalString);
        }
        Assert.True(await browser.IsSignedIn());
        await Ask(token).Is(HttpStatusCode.OK);
        Assert.Equal(me.Id, await CameIn());
    }

    [Fact]
    public async Task A_new_password_ends_a_change_of_the_address_that_waits_for_its_link()
    {
        // Whoever made the account waits with a link to his own address for its true owner to take it.
        var me = await yard.SignUp();
        var his = $"his-{me.Email}";
        await Change(me, his);
        var link = (await smtp.Come(his)).Token;
        await smtp.ResetPassword(yard, me.Email);
        await yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/verify", new { token = link }).IsBad("token");
        // With the address that he had.
        Assert.True(await (await new Browser(yard).SignIn(me, ForgottenPassword.Next)).IsSignedIn());
    }

    /// <summary>Connects a provider, whose member is nobody else's.</summary>
    private async Task<Browser> Connect(Person person, string name)
    {
        provider.Member = new($"owner-{person.Id}");
        var browser = await new Browser(yard).SignIn(person);
        using var back = await browser.Walk(await browser.LinkOf(name));
        Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
        return browser;
    }

    /// <returns>Who comes in through the provider now.</returns>
    private async Task<long> CameIn()
    {
        var browser = new Browser(yard);
        using (await browser.Walk()) { }
        return await browser.WhoAmI();
    }

    private static Task Change(Person person, string email) =>
        person
            .Client.Send(HttpMethod.Put, "/api/v1/users/me/email", new { email, current_password = Yard.Password })
            .Is(HttpStatusCode.Accepted);

    private static Task Verify(HttpClient client, string token) =>
        client
            .Send(HttpMethod.Post, "/api/v1/auth/verify", new { token }, ("Accept-Language", "ko"))
            .Is(HttpStatusCode.NoContent);

    private static Task<HttpResponseMessage> MakeToken(Person person) =>
        person.Client.Send(
            HttpMethod.Post,
            "/api/v1/users/me/tokens",
            new { name = "스크립트", scopes = new[] { "memos:read" } }
        );

    private static async Task<string> Token(Person person)
    {
        using var made = await MakeToken(person);
        return (await made.Json(HttpStatusCode.Created)).Text("token");
    }

    private Task<HttpResponseMessage> Ask(string token) =>
        yard.Anonymous.Send(HttpMethod.Get, "/api/v1/memos", null, ("Authorization", $"Bearer {token}"));

    [GeneratedRegex("/settings/connections/([0-9]+)/unlink")]
    private static partial Regex Unlink();
}
