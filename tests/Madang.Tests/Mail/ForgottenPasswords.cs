using System.Net;
using System.Net.Http.Json;
using Madang.Foundation.Accounts;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

public sealed class ForgottenPasswordsOnSqlite(MailingSqliteYard yard)
    : ForgottenPasswords(yard, yard.Smtp),
        IClassFixture<MailingSqliteYard>;

public sealed class ForgottenPasswordsOnPostgres(MailingPostgresYard yard)
    : ForgottenPasswords(yard, yard.Smtp),
        IClassFixture<MailingPostgresYard>;

/// <summary>A new password by a mailed link: good once and for an hour, and nobody learns who has an account.</summary>
public abstract class ForgottenPasswords(Yard yard, SmtpServer smtp)
{
    private const string NewPassword = "겨울에도 만나요 2";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_sets_a_new_password_once_and_ends_every_session_and_token_family()
    {
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        var token = await Token(me);

        await Set(token, NewPassword).Is(HttpStatusCode.NoContent);
        Assert.False(await browser.IsSignedIn());
        await Refresh(me).Is(HttpStatusCode.Unauthorized);
        await LogIn(me, Yard.Password).Is(HttpStatusCode.BadRequest);
        await LogIn(me, NewPassword).Is(HttpStatusCode.OK);
        await Set(token, "봄에도 만나요 3").IsBad("token");
        await LogIn(me, NewPassword).Is(HttpStatusCode.OK);
        Assert.True((await User(me)).GetProperty("email_verified").GetBoolean());
    }

    [Fact]
    public async Task One_link_used_by_many_at_once_counts_once()
    {
        var me = await yard.SignUp();
        var token = await Token(me);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(number => Set(token, $"{number}번째 비밀번호예요"))
        );
        var won = Assert.Single(
            Enumerable.Range(0, 8),
            number => answers[number].StatusCode == HttpStatusCode.NoContent
        );
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
        await LogIn(me, $"{won}번째 비밀번호예요").Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Opening_the_link_uses_nothing_up_and_its_page_tells_nobody()
    {
        var me = await yard.SignUp();
        var token = await Token(me);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Get })
        {
            using var page = await yard.Anonymous.Send(method, $"/reset?token={token}");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
            Assert.True(page.Headers.CacheControl!.NoStore);
        }
        var browser = new Browser(yard);
        using var answer = await browser.Post(
            $"/reset?token={token}",
            "/reset",
            ("token", token),
            ("new_password", NewPassword)
        );
        Assert.Equal("/sign-in?saved=password", answer.Headers.Location?.OriginalString);
        await LogIn(me, NewPassword).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_was_made_to_wait_signs_in_where_he_set_the_new_password()
    {
        var me = await yard.SignUp();
        var token = await Token(me);
        for (var failed = 0; failed < 5; failed++)
        {
            await LogIn(me, "이건 아니에요").Is(HttpStatusCode.BadRequest);
        }
        var browser = new Browser(yard);
        await browser.Post($"/reset?token={token}", "/reset", ("token", token), ("new_password", NewPassword));
        await LogIn(me, NewPassword).Is(HttpStatusCode.TooManyRequests);
        await browser.SignIn(me, NewPassword);
        Assert.True(await browser.IsSignedIn());
    }

    [Fact]
    public async Task An_address_without_an_account_is_answered_alike_by_the_same_statements()
    {
        var me = await yard.SignUp();
        await Token(me);
        var disabled = await yard.SignUp();
        await smtp.Come(disabled.Email);
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/users/{disabled.Id}", new { disabled = true })
            .Is(HttpStatusCode.OK);
        var known = await Watched(me.Email);
        var unknown = await Watched("nobody-at-all@example.com");
        var closed = await Watched(disabled.Email);

        Assert.Equal(known, unknown);
        Assert.Equal(known, closed);
        Assert.Equal("", known.Body);
        await smtp.Come(me.Email, 3);
        await Probe.Until(async () => await Waiting() == 0);
        Assert.Empty(smtp.For("nobody-at-all@example.com"));
        Assert.Single(smtp.For(disabled.Email));
        Assert.Equal(
            0,
            await yard.Database.Read(
                sql =>
                    sql.Single<long>("SELECT count(*) FROM mailed_links WHERE user_id IS NULL AND email IS NOT NULL"),
                Stop
            )
        );
    }

    [Fact]
    public async Task At_most_three_are_on_their_way_to_one_address_within_the_hour()
    {
        var me = await yard.SignUp();
        await smtp.Come(me.Email);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Ask(me)));
        await smtp.Come(me.Email, 4);
        await Probe.Until(async () => await Waiting() == 0);
        Assert.Equal(4, smtp.For(me.Email).Count);
    }

    [Fact]
    public async Task The_new_password_ends_the_other_links_and_so_does_one_set_by_hand_or_by_the_operator()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var first = await Token(me);
        var second = await Token(me, 3);
        await Set(second, "짧아요").IsBad("new_password");
        await Set(second, NewPassword).Is(HttpStatusCode.NoContent);
        await Set(first, "봄에도 만나요 3").IsBad("token");

        var third = await Token(other);
        await other
            .Client.Send(
                HttpMethod.Put,
                "/api/v1/users/me/password",
                new { current_password = Yard.Password, new_password = NewPassword }
            )
            .Is(HttpStatusCode.NoContent);
        await Set(third, "봄에도 만나요 3").IsBad("token");

        var fourth = await Token(other, 3);
        await using (var scope = yard.Server.App.Services.CreateAsyncScope())
        {
            await ActivatorUtilities
                .CreateInstance<OperatorAccounts>(scope.ServiceProvider)
                .SetPassword(other.Email, Yard.Password, Stop);
        }
        await Set(fourth, "봄에도 만나요 3").IsBad("token");
        await Set("nonsense", NewPassword).IsBad("token");
    }

    [Fact]
    public async Task The_token_stands_in_no_event_and_only_as_a_hash_in_the_database()
    {
        var me = await yard.SignUp();
        var token = await Token(me);
        var events = await yard.Database.Read(sql => sql.Query<string>("SELECT payload FROM events"), Stop);
        Assert.NotEmpty(events);
        Assert.DoesNotContain(events, payload => payload.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(events, payload => payload.Contains(me.Email, StringComparison.Ordinal));
        var hash = await yard.Database.Read(
            sql =>
                sql.Single<byte[]>(
                    "SELECT hash FROM mailed_links WHERE user_id = @Id AND purpose = 'password_reset'",
                    new { me.Id }
                ),
            Stop
        );
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token)), hash);
    }

    private async Task<string> Token(Person person, int count = 2)
    {
        await smtp.Come(person.Email, count - 1);
        await Ask(person).Is(HttpStatusCode.Accepted);
        return (await smtp.Come(person.Email, count)).Token;
    }

    private Task<HttpResponseMessage> Ask(Person person) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/reset", new { email = person.Email });

    private Task<HttpResponseMessage> Set(string token, string password) =>
        yard.Anonymous.Send(HttpMethod.Put, "/api/v1/auth/reset", new { token, new_password = password });

    private Task<HttpResponseMessage> LogIn(Person person, string password) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/login", new { email = person.Email, password });

    private Task<HttpResponseMessage> Refresh(Person person) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = person.RefreshToken });

    private async Task<System.Text.Json.JsonElement> User(Person person) =>
        await yard.Admin.Client.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/v1/users/{person.Id}", Stop);

    private Task<long> Waiting() =>
        yard.Database.Read(sql => sql.Single<long>("SELECT count(*) FROM deliveries WHERE state = 'waiting'"), Stop);

    /// <summary>What one asking does to the database, and what it is answered.</summary>
    private async Task<(string Statements, string Body)> Watched(string email)
    {
        await Probe.Until(async () => await Waiting() == 0);
        var seen = new List<string>();
        yard.Database.Watcher = (text, _) =>
        {
            lock (seen)
            {
                // The workers look for deliveries and for changed links all the time.
                if (!Workers.Any(word => text.Contains(word, StringComparison.Ordinal)))
                {
                    seen.Add(text);
                }
            }
        };
        using var answer = await yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/reset", new { email });
        yard.Database.Watcher = null;
        string asked;
        lock (seen)
        {
            asked = string.Join(
                '\n',
                seen.TakeWhile(text => !text.Contains("SELECT purpose", StringComparison.Ordinal))
            );
        }
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains(MailedLinkAskedInto, asked, StringComparison.Ordinal);
        return (asked, await answer.Content.ReadAsStringAsync(Stop));
    }

    private const string MailedLinkAskedInto = "INSERT INTO mailed_links";

    private static readonly string[] Workers = ["deliveries", "UPDATE", "link_changes", "link_batches", "pg_stat"];
}
