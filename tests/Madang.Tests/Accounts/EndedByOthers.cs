using System.Net;
using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Tests.Yards;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class EndedByOthersOnSqlite(SqliteYard yard) : EndedByOthers(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class EndedByOthersOnPostgres(PostgresYard yard) : EndedByOthers(yard);

/// <summary>Whatever ends sessions stands in the record of sign-ins, whoever did it.</summary>
public abstract class EndedByOthers(Yard yard)
{
    private const string NewPassword = "겨울에도 만나요 2";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_changed_password_a_disabled_account_and_the_operator_s_password_leave_a_sign_out()
    {
        var me = await yard.SignUp();
        await using var scope = yard.Server.App.Services.CreateAsyncScope();
        var operating = ActivatorUtilities.CreateInstance<OperatorAccounts>(scope.ServiceProvider);

        await me
            .Client.Send(
                HttpMethod.Put,
                "/api/v1/users/me/password",
                new { current_password = Yard.Password, new_password = NewPassword }
            )
            .Is(HttpStatusCode.NoContent);
        Assert.Equal([("password_change", "signed_out"), ("password_change", "signed_in")], await Newest(me, 2));

        await operating.SetPassword(me.Email, Yard.Password, Stop);
        // Nobody was signed in, and it is told all the same: another password is another way in.
        Assert.Equal([("operator_password", "signed_out")], await Newest(me, 1));

        await yard.SignIn(me.Id, me.Email);
        await Disable(me);
        Assert.Equal([("disabled", "signed_out"), ("password", "signed_in")], await Newest(me, 2));
        // There is nothing to end any more.
        await Disable(me);
        await operating.Change(me.Email, new() { Disabled = new Given<bool?>(true) }, Stop);
        Assert.Equal([("disabled", "signed_out"), ("password", "signed_in")], await Newest(me, 2));
    }

    [Fact]
    public async Task The_owner_and_admins_read_of_it_in_words_of_both_languages()
    {
        var me = await yard.SignUp();
        var browser = await new Browser(yard).SignIn(me);
        await using var scope = yard.Server.App.Services.CreateAsyncScope();
        await ActivatorUtilities
            .CreateInstance<OperatorAccounts>(scope.ServiceProvider)
            .SetPassword(me.Email, Yard.Password, Stop);
        await browser.SignIn(me);
        foreach (
            var (language, sentence) in new[]
            {
                ("ko", "운영자가 비밀번호를 새로 정함"),
                ("en", "New password set by the operator"),
            }
        )
        {
            using var answer = await browser.Send(
                HttpMethod.Get,
                "/settings/sessions",
                null,
                ("Accept-Language", language)
            );
            Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_refresh_token_that_comes_twice_is_told_to_its_owner_and_to_the_operator_once()
    {
        using var log = new LoggedLines();
        yard.Get<ILoggerFactory>().AddProvider(log);
        var me = await yard.SignUp();
        await Refresh(me).Is(HttpStatusCode.OK);
        await Refresh(me).Is(HttpStatusCode.Unauthorized);
        await Refresh(me).Is(HttpStatusCode.Unauthorized);
        Assert.Equal([("refresh_reuse", "signed_out"), ("password", "signed_in")], await Newest(me, 5));
        var line = Assert.Single(
            log.Lines,
            line => line.Text.Contains($"user {me.Id} came a second time", StringComparison.Ordinal)
        );
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.DoesNotContain(me.RefreshToken, line.Text, StringComparison.Ordinal);
    }

    private Task Disable(Person person) =>
        yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/users/{person.Id}", new { disabled = true })
            .Is(HttpStatusCode.OK);

    private Task<HttpResponseMessage> Refresh(Person person) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = person.RefreshToken });

    private async Task<List<(string How, string Outcome)>> Newest(Person person, int count)
    {
        using var answer = await yard.Admin.Client.GetAsync(
            $"/api/v1/sign-ins?user_id={person.Id}&page_size={count}",
            Stop
        );
        return
        [
            .. (await answer.Json(HttpStatusCode.OK))
                .GetProperty("results")
                .EnumerateArray()
                .Select((JsonElement one) => (one.Text("how"), one.Text("outcome"))),
        ];
    }
}
