using System.Net;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

public sealed class ClosedToOutsidersOnSqlite() : ClosedToOutsiders(NewYards.OnSqlite);

public sealed class ClosedToOutsidersOnPostgres(PostgresServer postgres)
    : ClosedToOutsiders(NewYards.OnPostgres(postgres));

/// <summary>An account at first sight obeys what signing up obeys.</summary>
public abstract class ClosedToOutsiders(NewYard yards)
{
    [Fact]
    public async Task The_first_account_is_made_on_the_page_and_after_it_only_with_an_invitation()
    {
        await using var provider = await TestProvider.Start();
        await using var yard = await yards.Start([.. OutsideSettings.Of(provider), "--RateLimits:Enabled=false"]);
        var first = new Browser(yard);
        using (var answer = await first.Walk())
        {
            await first.IsTurnedAway(answer, HttpStatusCode.Forbidden, "첫 계정은 가입 페이지에서");
        }
        var admin = await yard.SignUp();
        Assert.Equal(1, await Users(yard));

        var closed = new Browser(yard);
        using (var answer = await closed.Walk())
        {
            await closed.IsTurnedAway(answer, HttpStatusCode.Forbidden, "초대를 부탁해");
        }
        using var made = await admin.Client.Send(HttpMethod.Post, "/api/v1/invitations", new { role = "member" });
        var token = (await made.Json(HttpStatusCode.Created)).Text("token");
        using (var page = await new Browser(yard).Send(HttpMethod.Get, $"/sign-up?invitation={token}"))
        {
            Assert.Contains(
                $"/login/naver?invitation={token}",
                await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
        }
        var guest = new Browser(yard);
        using (var answer = await guest.Walk($"/login/naver?invitation={token}"))
        {
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        }
        Assert.NotEqual(admin.Id, await guest.WhoAmI());
        provider.Member = new("another");
        var late = new Browser(yard);
        using (var answer = await late.Walk($"/login/naver?invitation={token}"))
        {
            await late.IsTurnedAway(answer, HttpStatusCode.Forbidden, "이미 썼거나");
        }
        Assert.Equal(2, await Users(yard));
    }

    private static Task<long> Users(Yard yard) =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM users"),
            TestContext.Current.CancellationToken
        );
}
