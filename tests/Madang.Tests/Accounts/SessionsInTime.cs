using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

public sealed class SessionsInTimeOnSqlite() : SessionsInTime(NewYards.OnSqlite);

public sealed class SessionsInTimeOnPostgres(PostgresServer postgres) : SessionsInTime(NewYards.OnPostgres(postgres));

/// <summary>How long a browser stays signed in.</summary>
public abstract class SessionsInTime(NewYard yards)
{
    [Fact]
    public async Task A_session_that_is_used_lives_on_and_one_that_is_not_ends_after_fourteen_days()
    {
        await using var yard = await yards.Start("--SignIn:AllowSignUp=true");
        var me = await yard.SignUp();
        var (used, unused) = (await new Browser(yard).SignIn(me), await new Browser(yard).SignIn(me));
        for (var week = 0; week < 3; week++)
        {
            yard.Clock.Advance(TimeSpan.FromDays(8));
            Assert.True(await used.IsSignedIn());
        }
        Assert.False(await unused.IsSignedIn());
        yard.Clock.Advance(TimeSpan.FromDays(15));
        Assert.False(await used.IsSignedIn());
    }
}
