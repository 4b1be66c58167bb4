using System.Net;
using Madang.Foundation.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

public sealed class RefreshingWithoutKeysOnSqlite() : RefreshingWithoutKeys(NewYards.OnSqlite);

public sealed class RefreshingWithoutKeysOnPostgres(PostgresServer postgres)
    : RefreshingWithoutKeys(NewYards.OnPostgres(postgres));

/// <summary>A refresh that fails on the way has traded nothing.</summary>
public abstract class RefreshingWithoutKeys(NewYard yards)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_tries_again_after_a_failure_is_no_thief()
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true");
        var token = (await yard.SignUp()).RefreshToken;
        foreach (var table in new[] { "signing_keys", "users" })
        {
            // Longer than a process remembers keys and users.
            yard.Clock.Advance(SigningKeys.Patience + TimeSpan.FromSeconds(1));
            await Rename(table, "elsewhere");
            using (var failed = await Refresh())
            {
                Assert.True(failed.StatusCode >= HttpStatusCode.InternalServerError, $"{failed.StatusCode}");
            }
            await Rename("elsewhere", table);
            using var answer = await Refresh();
            token = (await answer.Json(HttpStatusCode.OK)).Text("refresh_token");
        }

        Task<HttpResponseMessage> Refresh() =>
            yard.Anonymous.Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = token });

        Task<int> Rename(string from, string to) =>
            yard.Database.Write(sql => sql.Execute($"ALTER TABLE {from} RENAME TO {to}"), Stop);
    }
}
