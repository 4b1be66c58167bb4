using System.Net;
using Madang.Memos.Pictures;
using Madang.Tests.Files;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

/// <summary>What becomes of a picture's file when PostgreSQL loses the write of its row, or nobody knows whether it did.</summary>
[Collection(nameof(SharedPictureYardOnPostgres))]
public sealed class LosingPictures(PictureYardOnPostgres yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_nobody_knows_whether_its_row_is_there_its_file_is_left_and_housework_throws_it_away_a_day_later()
    {
        var me = await yard.SignUp();
        var before = yard.Uploads();
        await using (
            await Trigger(
                """
                CREATE FUNCTION on_picture() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END';
                CREATE CONSTRAINT TRIGGER on_picture AFTER INSERT ON memo_pictures
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION on_picture();
                """
            )
        )
        {
            using var answer = await me.Bring(Made.Png());
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
        var left = Assert.Single(yard.Uploads().Except(before));
        Assert.StartsWith("new/memos.", left, StringComparison.Ordinal);

        File.SetLastWriteTimeUtc(Path.Combine(yard.Folder, "uploads", left), yard.Clock.GetUtcNow().UtcDateTime);
        yard.Clock.Advance(TimeSpan.FromHours(25));
        await yard.Get<PictureHousework>().Tidy(Stop);
        Assert.DoesNotContain(left, yard.Uploads());
    }

    [Fact]
    public async Task When_its_write_is_lost_to_another_with_the_same_key_only_the_others_file_is_kept()
    {
        var me = await yard.SignUp();
        var before = yard.Uploads();
        await using (
            await Trigger(
                """
                CREATE SEQUENCE on_picture_runs;
                CREATE FUNCTION on_picture() RETURNS trigger LANGUAGE plpgsql AS '
                BEGIN
                    IF nextval(''on_picture_runs'') = 1 THEN
                        FOR i IN 1..500 LOOP
                            EXIT WHEN EXISTS (
                                SELECT FROM pg_locks
                                WHERE locktype = ''transactionid'' AND NOT granted
                                AND transactionid::text = pg_current_xact_id()::text
                            );
                            PERFORM pg_sleep(0.02);
                        END LOOP;
                        RAISE EXCEPTION ''lost'' USING ERRCODE = ''serialization_failure'';
                    END IF;
                    RETURN NULL;
                END';
                CREATE TRIGGER on_picture AFTER INSERT ON memo_pictures FOR EACH ROW EXECUTE FUNCTION on_picture();
                """
            )
        )
        {
            var answers = await Task.WhenAll(
                me.Bring(Made.Png(), "image/png", ("Idempotency-Key", "both")),
                me.Bring(Made.Png(), "image/png", ("Idempotency-Key", "both"))
            );
            var urls = await Task.WhenAll(answers.Select(answer => answer.Json(HttpStatusCode.Created)));
            Assert.Single(urls.Select(url => url.Text("url")).Distinct());
        }
        Assert.Single(yard.Uploads().Except(before));
    }

    private async Task<IAsyncDisposable> Trigger(string text)
    {
        await yard.Database.Write(sql => sql.Execute(text), Stop);
        return new Gone(yard);
    }

    private sealed class Gone(PictureYardOnPostgres yard) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() =>
            await yard.Database.Write(
                sql =>
                    sql.Execute(
                        """
                        DROP TRIGGER on_picture ON memo_pictures;
                        DROP FUNCTION on_picture;
                        DROP SEQUENCE IF EXISTS on_picture_runs;
                        """
                    ),
                Stop
            );
    }
}
