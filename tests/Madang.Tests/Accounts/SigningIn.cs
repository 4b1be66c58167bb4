using System.Net;
using System.Text.RegularExpressions;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Tests.Yards;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using SignInResult = Madang.Foundation.Accounts.SignInResult;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class SigningInOnSqlite(SqliteYard yard) : SigningIn(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class SigningInOnPostgres(PostgresYard yard) : SigningIn(yard);

public abstract partial class SigningIn(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_address_a_wrong_password_and_a_disabled_account_get_one_and_the_same_answer()
    {
        var disabled = await yard.SignUp();
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/users/{disabled.Id}", new { disabled = true })
            .Is(HttpStatusCode.OK);
        var member = await yard.SignUp();
        var answers = new[]
        {
            await Body("nobody@example.com", Yard.Password),
            await Body(member.Email, "not this one"),
            await Body(disabled.Email, Yard.Password),
            await Body(disabled.Email, "not this one"),
        };
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task An_unknown_address_and_a_wrong_password_cost_the_same_work()
    {
        var member = await yard.SignUp();
        var unknown = await Work("no.one@example.com", "not this one");
        var wrong = await Work(member.Email, "not this one");
        Assert.Equal(unknown, wrong);
        Assert.Equal(1, unknown.Verifications);
    }

    [Fact]
    public async Task The_hash_that_stands_for_an_unknown_address_is_as_slow_as_any_and_there_before_the_first_request()
    {
        await using var scope = yard.Server.App.Services.CreateAsyncScope();
        var absent = Convert.FromBase64String(yard.Get<AbsentUser>().PasswordHash);
        // Identity's third format: the marker, the function and the rounds, each of the latter as a big-endian number.
        Assert.Equal(1, absent[0]);
        Assert.Equal(210_000, (absent[5] << 24) + (absent[6] << 16) + (absent[7] << 8) + absent[8]);
        Assert.Contains(
            yard.Server.App.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>(),
            step => step is AbsentUser
        );
    }

    [Fact]
    public async Task Missing_and_mistyped_fields_name_themselves()
    {
        await LogIn(new { }).IsBad("email", "password");
        await LogIn(new { email = 1, password = "x" }).IsBad("email");
    }

    [Fact]
    public async Task A_password_that_is_changed_while_it_is_checked_opens_no_session()
    {
        var me = await yard.SignUp();
        await using var scope = yard.Server.App.Services.CreateAsyncScope();
        var identity = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        identity.PasswordHasher = new Hasher(
            identity.PasswordHasher,
            () => yard.Get<AccountStore>().Update(me.Id, (_, user) => Renew(user), Stop).Wait(Stop)
        );
        var outcome = await SignInOf(identity, yard.Database)
            .Try(me.Email, Yard.Password, SessionKind.Program, new DefaultHttpContext(), Stop);
        Assert.Equal(SignInResult.Wrong, outcome.Result);

        static Task<Change> Renew(User user)
        {
            user.PasswordHash = "another";
            return Task.FromResult(Change.Done);
        }
    }

    private async Task<(int Verifications, int Reads, int Writes)> Work(string email, string password)
    {
        await using var scope = yard.Server.App.Services.CreateAsyncScope();
        var identity = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var hasher = new Hasher(identity.PasswordHasher, () => { });
        identity.PasswordHasher = hasher;
        var visits = new CountedDatabase(yard.Database);
        var outcome = await SignInOf(identity, visits)
            .Try(email, password, SessionKind.Program, new DefaultHttpContext(), Stop);
        Assert.Equal(SignInResult.Wrong, outcome.Result);
        return (hasher.Verifications, visits.Reads, visits.Writes);
    }

    private SignIn SignInOf(UserManager<User> identity, Database db) =>
        new(
            db,
            new AccountStore(db, yard.Get<UserDirectory>()),
            identity,
            new SignInAttempts(db),
            yard.Get<AbsentUser>(),
            yard.Get<KnownDevices>()
        );

    private async Task<string> Body(string email, string password)
    {
        using var answer = await LogIn(new { email, password });
        await answer.Problem(HttpStatusCode.BadRequest);
        return TraceId().Replace(await answer.Content.ReadAsStringAsync(Stop), "");
    }

    private Task<HttpResponseMessage> LogIn(object body) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/login", body);

    [GeneratedRegex("\"trace_id\":\"[0-9a-f]+\"")]
    private static partial Regex TraceId();
}
