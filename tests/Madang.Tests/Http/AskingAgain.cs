using System.Net;
using Dapper;
using Madang.Tests.Yards;
using Microsoft.Data.Sqlite;

namespace Madang.Tests.Http;

/// <summary>A client that asks again for what it has: it is told so at little cost, and never when something was written meanwhile.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class AskingAgain(SqliteYard yard)
{
    private const string List = "/api/v1/memos";

    [Fact]
    public async Task While_nothing_is_written_the_list_is_not_read_again()
    {
        var me = await yard.SignUp();
        await Write(me, "하나");
        var tag = await Tag(me);

        // A worker may write something of its own at any time: then once more.
        await Probe.Until(async () =>
        {
            await Again(me, tag);
            var reads = 0;
            yard.Database.Watcher = (text, _) => reads += text.Contains("FROM memos", StringComparison.Ordinal) ? 1 : 0;
            var status = await Again(me, tag);
            yard.Database.Watcher = null;
            Assert.Equal(HttpStatusCode.NotModified, status);
            return reads == 0;
        });
    }

    [Fact]
    public async Task The_next_question_after_a_write_is_answered_anew()
    {
        var me = await yard.SignUp();
        var memo = await Write(me, "하나");
        for (var round = 0; round < 20; round++)
        {
            var tag = await Tag(me);
            Assert.Equal(HttpStatusCode.NotModified, await Again(me, tag));
            Assert.Equal(HttpStatusCode.NotModified, await Again(me, tag));
            await me.Client.Send(HttpMethod.Patch, memo, new { text = $"{round}" }).Is(HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.OK, await Again(me, tag));
        }
    }

    [Fact]
    public async Task A_write_of_another_process_is_seen_as_well()
    {
        var me = await yard.SignUp();
        await Write(me, "하나");
        var tag = await Tag(me);
        Assert.Equal(HttpStatusCode.NotModified, await Again(me, tag));
        await using (
            var outside = new SqliteConnection($"Data Source={Path.Combine(yard.Folder, "madang.db")};Pooling=false")
        )
        {
            outside.Open();
            outside.Execute("UPDATE memos SET text = '둘' WHERE owner_id = @Id", new { me.Id });
        }

        Assert.Equal(HttpStatusCode.OK, await Again(me, tag));
    }

    [Fact]
    public async Task What_one_member_has_says_nothing_about_what_another_has()
    {
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        await Write(me, "내 것");
        var tag = await Tag(me);
        Assert.Equal(HttpStatusCode.NotModified, await Again(me, tag));

        Assert.Equal(HttpStatusCode.OK, await Again(other, tag));
        Assert.Equal(HttpStatusCode.OK, await Again(me, tag, "?scope=team"));
        Assert.Equal(HttpStatusCode.NotModified, await Again(me, tag));
    }

    private static async Task<string> Write(Person who, string text)
    {
        using var made = await who.Client.Send(HttpMethod.Post, List, new { text });
        return made.Headers.Location!.ToString();
    }

    private static async Task<string> Tag(Person who)
    {
        using var answer = await who.Client.Send(HttpMethod.Get, List);
        return answer.Headers.ETag!.ToString();
    }

    private static async Task<HttpStatusCode> Again(Person who, string tag, string query = "")
    {
        using var answer = await who.Client.Send(HttpMethod.Get, List + query, null, ("If-None-Match", tag));
        return answer.StatusCode;
    }
}
