using System.Net;
using System.Net.Http.Json;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Tests.Yards;

namespace Madang.Tests.Events;

public sealed class DeletingUsersOnSqlite(SqliteYard yard) : DeletingUsers(yard), IClassFixture<SqliteYard>;

public sealed class DeletingUsersOnPostgres(PostgresYard yard) : DeletingUsers(yard), IClassFixture<PostgresYard>;

/// <summary>What becomes of memos when their author deletes his account.</summary>
public abstract class DeletingUsers(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task His_memos_go_with_him_and_nobody_else_s_however_often_it_is_told()
    {
        var (leaving, staying) = (await yard.SignUp(), await yard.SignUp());
        foreach (var person in new[] { leaving, staying })
        {
            await Write(person, "private", "혼자 #비밀");
            await Write(person, "team", "같이 #답사");
            var archived = await Write(person, "team", "치워 둔 #답사");
            await person.Client.PutAsync($"/api/v1/memos/{archived}/archive", null, Stop);
            var trashed = await Write(person, "team", "버린 #답사");
            await person.Client.DeleteAsync($"/api/v1/memos/{trashed}", Stop);
        }
        Assert.Equal(HttpStatusCode.NoContent, (await leaving.Client.DeleteAsync("/api/v1/users/me", Stop)).StatusCode);
        await Probe.Until(async () => await Memos(leaving) == 0);

        Assert.Equal((4, 4, 3), (await Memos(staying), await Count("memo_tags"), await Grams()));
        await Tell(leaving);
        Assert.Equal((4, 4, 3), (await Memos(staying), await Count("memo_tags"), await Grams()));
        Assert.Equal(1, await Found(staying, "같이"));
    }

    private static async Task<long> Write(Person person, string visibility, string text)
    {
        var memo = await person.Client.PostAsJsonAsync("/api/v1/memos", new { text, visibility }, Stop);
        return (await memo.Json(HttpStatusCode.Created)).GetProperty("id").GetInt64();
    }

    private static async Task<int> Found(Person person, string query)
    {
        var list = await person.Client.GetAsync($"/api/v1/memos?scope=team&q={query}", Stop);
        return (await list.Json(HttpStatusCode.OK)).GetProperty("results").GetArrayLength();
    }

    /// <summary>Delivers the event of this user a second time, as after a lost mark.</summary>
    private async Task Tell(Person person)
    {
        var envelope = new EventEnvelope(
            1,
            UserDeleted.Type,
            1,
            yard.Clock.Now(),
            person.Id,
            $$"""{"user_id":{{person.Id}}}"""
        );
        foreach (
            var handler in yard
                .Server.App.Services.GetServices<IEventHandler>()
                .Where(one => one.Name.EventType == UserDeleted.Type)
        )
        {
            await handler.Handle(envelope, Stop);
        }
    }

    private Task<int> Memos(Person person) =>
        yard.Database.Read(
            sql => sql.Single<int>("SELECT count(*) FROM memos WHERE owner_id = @Id", new { person.Id }),
            Stop
        );

    private Task<int> Count(string table) =>
        yard.Database.Read(sql => sql.Single<int>($"SELECT count(*) FROM {table}"), Stop);

    /// <summary>How many memos search still knows by a letter that all of them have; FTS5 without content can't be counted.</summary>
    private Task<int> Grams()
    {
        var hash = Assert.Single(Bigrams.OfQuery("#"));
        return yard.Database.Read(
            sql =>
                sql.Single<int>(
                    sql.For(
                        "SELECT count(*) FROM memo_grams WHERE memo_grams MATCH @hash",
                        "SELECT count(*) FROM memo_grams WHERE grams @> ARRAY[@hash]"
                    ),
                    new { hash }
                ),
            Stop
        );
    }
}

/// <summary>A server that runs no room at all.</summary>
public sealed class RoomlessYard : SqliteYard
{
    protected override string? Rooms => "";
}

public sealed class DeletingUsersWhereNoRoomRuns(RoomlessYard yard) : IClassFixture<RoomlessYard>
{
    [Fact]
    public async Task A_delivery_is_written_for_every_room_all_the_same()
    {
        var stop = TestContext.Current.CancellationToken;
        var leaving = await yard.SignUp();
        await leaving.Client.DeleteAsync("/api/v1/users/me", stop);

        var waiting = await yard.Database.Read(
            sql => sql.Query<string>("SELECT handler FROM deliveries WHERE state = 'waiting' ORDER BY handler"),
            stop
        );
        string[] rooms =
        [
            "library.imports_of_deleted_user",
            "library.user_deleted",
            "links.user_deleted",
            "memos.pictures_of_user_deleted",
            "memos.user_deleted",
        ];
        Assert.Equal(rooms, waiting);
    }
}
