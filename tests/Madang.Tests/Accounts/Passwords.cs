using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class PasswordsOnSqlite(SqliteYard yard) : Passwords(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class PasswordsOnPostgres(PostgresYard yard) : Passwords(yard);

public abstract class Passwords(Yard yard)
{
    private const string New = "새로 정한 비밀번호";

    [Fact]
    public async Task A_new_password_replaces_the_old_one_and_ends_the_programs_signed_in_by_it()
    {
        var me = await yard.SignUp();
        await Change(me, Yard.Password, New).Is(HttpStatusCode.NoContent);
        await LogIn(me, Yard.Password).Is(HttpStatusCode.BadRequest);
        await LogIn(me, New).Is(HttpStatusCode.OK);
        await yard
            .Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = me.RefreshToken })
            .Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_wrong_weak_or_missing_password_names_its_field_and_changes_nothing()
    {
        var me = await yard.SignUp();
        await Change(me, "not this one", New).IsBad("current_password");
        await Change(me, Yard.Password, "password1").IsBad("new_password");
        await Change(me, null, null).IsBad("current_password", "new_password");
        await LogIn(me, Yard.Password).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Wrong_tries_count_against_guessing_and_weak_new_ones_do_not()
    {
        var me = await yard.SignUp();
        for (var i = 0; i < 6; i++)
        {
            await Change(me, Yard.Password, "password1").IsBad("new_password");
        }
        for (var i = 0; i < 5; i++)
        {
            await Change(me, "not this one", New).IsBad("current_password");
        }
        using var refused = await Change(me, Yard.Password, New);
        await refused.Problem(HttpStatusCode.TooManyRequests);
        Assert.True(refused.Headers.Contains("Retry-After"));
        await LogIn(me, Yard.Password).Is(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Of_two_changes_at_once_by_the_same_old_password_one_is_made()
    {
        var me = await yard.SignUp();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(number => Change(me, Yard.Password, $"{New} {number}"))
        );
        var made = Assert.Single(
            Enumerable.Range(0, 4),
            number => answers[number].StatusCode == HttpStatusCode.NoContent
        );
        await LogIn(me, $"{New} {made}").Is(HttpStatusCode.OK);
        Assert.DoesNotContain(answers, answer => (int)answer.StatusCode >= 500);
    }

    private Task<HttpResponseMessage> LogIn(Person person, string password) =>
        yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/login", new { email = person.Email, password });

    private static Task<HttpResponseMessage> Change(Person person, string? current, string? next) =>
        person.Client.Send(
            HttpMethod.Put,
            "/api/v1/users/me/password",
            new { current_password = current, new_password = next }
        );
}
