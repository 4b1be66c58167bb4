using System.Net;
using Madang.Memos.Reading;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

public sealed class DaysOfWritingOnSqlite(SqliteYard yard) : DaysOfWriting(yard), IClassFixture<SqliteYard>;

public sealed class DaysOfWritingOnPostgres(PostgresYard yard) : DaysOfWriting(yard), IClassFixture<PostgresYard>;

/// <summary>A year of days, each as long as it was where its reader lives.</summary>
public abstract class DaysOfWriting(Yard yard)
{
    private static readonly DateOnly Today = new(2026, 11, 21);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Asia/Seoul", "2026-11-20T14:59:59Z 2026-11-20", "2026-11-20T15:00:00Z 2026-11-21")]
    [InlineData("UTC", "2026-11-20T14:59:59Z 2026-11-20", "2026-11-20T23:59:59Z 2026-11-20")]
    [InlineData("Asia/Kathmandu", "2026-11-20T18:14:59Z 2026-11-20", "2026-11-20T18:15:00Z 2026-11-21")]
    // A day of 25 hours, and one whose first hour is left out.
    [InlineData("America/New_York", "2026-11-01T04:00:00Z 2026-11-01", "2026-11-02T04:59:59Z 2026-11-01")]
    [InlineData("America/Santiago", "2026-09-06T03:59:59Z 2026-09-05", "2026-09-06T04:00:00Z 2026-09-06")]
    public async Task Begin_and_end_where_the_reader_is(string zone, params string[] memos)
    {
        var me = await yard.SignUp();
        foreach (var memo in memos)
        {
            await Date(await me.Write("하루"), memo.Split(' ')[0]);
        }
        var days = await yard.Get<MemoDays>().Year(me.Id, TimeZoneInfo.FindSystemTimeZoneById(zone), Today, Stop);

        Assert.Equal(
            memos
                .Select(memo => DateOnly.Parse(memo.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))
                .CountBy(day => day)
                .OrderBy(day => day.Key),
            days.Where(day => day.Count > 0).Select(day => KeyValuePair.Create(day.Day, day.Count))
        );
        Assert.Equal((Today, DayOfWeek.Sunday), (days[^1].Day, days[0].Day.DayOfWeek));
        Assert.Equal(52 * 7 + 7, days.Count);
    }

    [Fact]
    public async Task Count_what_is_in_use_and_lead_to_the_memos_of_a_day()
    {
        var me = await yard.SignUp();
        await me
            .Client.Send(HttpMethod.Patch, "/api/v1/users/me", new { time_zone = "Asia/Seoul" })
            .Is(HttpStatusCode.OK);
        var (here, there, archived) = (
            await me.Write("오늘 것"),
            await me.Write("어제 것"),
            await me.Write("보관한 것")
        );
        await me.Put($"{archived}/archive");
        var today = DateTimeOffset.UtcNow.AddHours(9);
        await Date(
            there,
            today.AddDays(-1).ToString("yyyy-MM-dd'T'03:00:00Z", System.Globalization.CultureInfo.InvariantCulture)
        );
        var browser = await new Browser(yard).SignIn(me);

        Assert.Contains(
            "지난 한 해 동안 2일에 메모 2개를 적었어요",
            await Read(browser, "/memos"),
            StringComparison.Ordinal
        );
        var path = $"/memos?day={today:yyyy-MM-dd}";
        Assert.Contains($"href=\"{path}\"", await Read(browser, "/memos/days"), StringComparison.Ordinal);
        var page = await Read(browser, path);
        Assert.Contains($"memo-{here}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"memo-{there}\"", page, StringComparison.Ordinal);
        using var bad = await browser.Send(HttpMethod.Get, "/memos?day=2026-13-40");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
    }

    private static async Task<string> Read(Browser browser, string path)
    {
        using var answer = await browser.Send(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    private Task<int> Date(long id, string at) =>
        yard.Database.Write(
            sql =>
                sql.Execute(
                    "UPDATE memos SET created_at = @At WHERE id = @id",
                    new { id, At = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture) }
                ),
            Stop
        );
}
