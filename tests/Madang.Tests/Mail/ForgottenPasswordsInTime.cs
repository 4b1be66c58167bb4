using System.Net;
using Madang.Foundation.Mail;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

/// <summary>Time goes by in a yard of its own.</summary>
public sealed class ForgottenPasswordsInTime(MailingSqliteYard yard) : IClassFixture<MailingSqliteYard>
{
    [Fact]
    public async Task A_link_is_over_after_an_hour()
    {
        var (early, late) = (await yard.SignUp(), await yard.SignUp());
        var tokens = new List<string>();
        foreach (var person in new[] { early, late })
        {
            await yard.Smtp.Come(person.Email);
            await yard
                .Anonymous.Send(HttpMethod.Post, "/api/v1/auth/reset", new { email = person.Email })
                .Is(HttpStatusCode.Accepted);
            tokens.Add((await yard.Smtp.Come(person.Email, 2)).Token);
        }
        yard.Clock.Advance(MailedLinkStore.Lifetime - TimeSpan.FromMinutes(1));
        await Set(tokens[0]).Is(HttpStatusCode.NoContent);
        yard.Clock.Advance(TimeSpan.FromMinutes(1));
        await Set(tokens[1]).IsBad("token");
    }

    private Task<HttpResponseMessage> Set(string token) =>
        yard.Anonymous.Send(HttpMethod.Put, "/api/v1/auth/reset", new { token, new_password = "겨울에도 만나요 2" });
}
