using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Tests.Yards;

namespace Madang.Tests.Data;

public sealed class TimesOnSqlite(SqliteYard yard) : Times(yard), IClassFixture<SqliteYard>;

public sealed class TimesOnPostgres(PostgresYard yard) : Times(yard), IClassFixture<PostgresYard>;

public abstract class Times(Yard yard)
{
    [Fact]
    public async Task Come_back_from_the_database_to_the_microsecond()
    {
        var stop = TestContext.Current.CancellationToken;
        foreach (var microseconds in new[] { 0, 1, 1_795_267_932_123_456, 253_402_300_799_999_999, -1 })
        {
            var time = Instant.FromMicroseconds(microseconds);
            var back = await yard.Database.Write(
                async sql =>
                {
                    await sql.Execute(
                        "INSERT INTO signing_keys (kid, algorithm, material, created_at) VALUES ('time', '', @Material, @time)",
                        new { Material = Array.Empty<byte>(), time }
                    );
                    var read = await sql.Single<DateTimeOffset>(
                        "SELECT created_at FROM signing_keys WHERE kid = 'time'"
                    );
                    sql.RollBack();
                    return read;
                },
                stop
            );
            Assert.Equal(time, back);
        }
    }

    [Fact]
    public async Task The_time_of_a_write_has_no_finer_part_than_the_database_keeps() =>
        Assert.Equal(
            0,
            await yard.Database.Write(
                sql => Task.FromResult(sql.Now.Ticks % TimeSpan.TicksPerMicrosecond),
                TestContext.Current.CancellationToken
            )
        );
}

public sealed class WrittenTimes
{
    [Theory]
    [InlineData(0, "2026-11-22T00:00:00Z")]
    [InlineData(10, "2026-11-22T00:00:00.000001Z")]
    [InlineData(19, "2026-11-22T00:00:00.000001Z")]
    [InlineData(5_000_000, "2026-11-22T00:00:00.5Z")]
    [InlineData(9_999_999, "2026-11-22T00:00:00.999999Z")]
    public void Have_at_most_six_decimals_and_none_that_says_nothing(long ticks, string text)
    {
        var bytes = new byte[Instant.LongestText];
        var time = new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.FromHours(9)).AddTicks(ticks);
        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(bytes, 0, Instant.Write(time, bytes)));
    }
}

public sealed class Cursors
{
    [Fact]
    public void Are_read_as_they_were_written() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<(
                    NonNegativeInt Seconds,
                    NonNegativeInt Micros,
                    PositiveInt Id,
                    bool IsBackward
                )>(),
                made =>
                {
                    var at = DateTimeOffset
                        .UnixEpoch.AddSeconds(made.Seconds.Get)
                        .AddMicroseconds(made.Micros.Get % 1_000_000);
                    var cursor = new Cursor(at, (long)made.Id.Get << 20, made.IsBackward);
                    return Cursor.TryParse(cursor.ToString(), null, out var back) && back == cursor;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Are_refused_when_they_are_anything_else() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<string>(),
                text => !Cursor.TryParse(text, null, out var cursor) || cursor.ToString() == text
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Are_refused_with_any_character_changed_into_another_spelling()
    {
        var text = new Cursor(DateTimeOffset.UnixEpoch.AddDays(20_000), 42, false).ToString();
        for (var at = 0; at < text.Length; at++)
        {
            var changed = string.Concat(text.AsSpan(0, at), "!", text.AsSpan(at + 1));
            Assert.False(Cursor.TryParse(changed, null, out _));
        }
        Assert.False(Cursor.TryParse(text + "A", null, out _));
        Assert.False(Cursor.TryParse(text[..^1], null, out _));
    }
}
