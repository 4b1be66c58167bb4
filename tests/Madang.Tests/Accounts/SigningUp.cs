using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class SigningUpOnSqlite(SqliteYard yard) : SigningUp(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class SigningUpOnPostgres(PostgresYard yard) : SigningUp(yard);

public abstract class SigningUp(Yard yard)
{
    [Fact]
    public async Task A_new_user_is_a_member_and_is_where_the_answer_says()
    {
        using var answer = await SignUp("새 사람@example.com".Replace(" ", "", StringComparison.Ordinal), " 새 사람 ");
        var user = await answer.Json(HttpStatusCode.Created);
        Assert.Equal("member", user.Text("role"));
        Assert.Equal("새 사람", user.Text("username"));
        Assert.Equal("새사람@example.com", user.Text("email"));
        Assert.Equal($"/api/v1/users/{user.Number("id")}", answer.Headers.Location!.ToString());
        Assert.False(user.TryGetProperty("password_hash", out _));
        await yard.Admin.Client.Send(HttpMethod.Get, answer.Headers.Location.ToString()).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("@example.com")]
    [InlineData("a@")]
    [InlineData("a@b@example.com")]
    [InlineData("a b@example.com")]
    [InlineData("a@exam ple.com")]
    [InlineData("<a@example.com>")]
    [InlineData("a@-")]
    [InlineData("\u0007@example.com")]
    public Task A_bad_address_names_its_field(string email) => SignUp(email).IsBad("email");

    [Theory]
    [InlineData("short1")]
    [InlineData("password123")]
    [InlineData("ㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋ")]
    [InlineData("1q2w3e4r")]
    [InlineData("weak@example.com")]
    [InlineData("약한 사람 이름")]
    public Task A_weak_password_names_its_field(string password) =>
        SignUp("weak@example.com", "약한 사람 이름", password).IsBad("password");

    [Fact]
    public async Task Every_missing_empty_and_mistyped_field_names_itself()
    {
        await Send(new { }).IsBad("email", "username", "password");
        await Send(
                new
                {
                    email = (string?)null,
                    username = "  ",
                    password = "",
                }
            )
            .IsBad("email", "username", "password");
        await SignUp("long@example.com", new string('가', 65)).IsBad("username");
        await SignUp("long@example.com", "가", new string('x', 257)).IsBad("password");
        await SignUp(new string('a', 250) + "@example.com").IsBad("email");
        await Send(
                new
                {
                    email = 1,
                    username = "가",
                    password = Yard.Password,
                }
            )
            .IsBad("email");
    }

    [Fact]
    public async Task An_address_is_taken_in_any_case_and_any_composition()
    {
        await SignUp("Café.Ünal@Example.com").Is(HttpStatusCode.Created);
        foreach (
            var same in new[] { "café.ünal@example.com", "CAFÉ.ÜNAL@EXAMPLE.COM", "Cafe\u0301.U\u0308nal@example.com" }
        )
        {
            using var answer = await SignUp(same);
            await answer.Problem(HttpStatusCode.Conflict);
        }
        await yard
            .Anonymous.Send(
                HttpMethod.Post,
                "/api/v1/auth/login",
                new { email = "CAFE\u0301.ÜNAL@example.com", password = Yard.Password }
            )
            .Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_sign_ups_with_one_address_at_once_make_one_account()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SignUp("twin@example.com")));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    private Task<HttpResponseMessage> SignUp(string email, string username = "사람", string? password = null) =>
        Send(
            new
            {
                email,
                username,
                password = password ?? Yard.Password,
            }
        );

    private Task<HttpResponseMessage> Send(object body) => yard.Anonymous.Send(HttpMethod.Post, "/api/v1/users", body);
}
