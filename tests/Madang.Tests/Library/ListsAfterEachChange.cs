using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Madang.Library.Lending;
using Madang.Library.Shelving;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class ListsAfterEachChangeOnSqlite(SqliteYard yard)
    : ListsAfterEachChange(yard),
        IClassFixture<SqliteYard>;

public sealed class ListsAfterEachChangeOnPostgres(PostgresYard yard)
    : ListsAfterEachChange(yard),
        IClassFixture<PostgresYard>;

/// <summary>Whatever changes a book, its tags or its stock, the list that was just asked for is another right after.</summary>
public abstract partial class ListsAfterEachChange(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_is_the_newest_after_each_kind_of_change()
    {
        var word = $"목록{Guid.NewGuid():N}";
        var (me, other) = (await yard.SignUp(), await yard.SignUp());
        var client = yard.Admin.Client;

        var tag = await yard.Admin.AddTag($"{word} 갈래");
        var book = 0L;
        await Changes(async () => book = (await yard.Admin.AddBook(LibraryCalls.NewBook(word, 1))).Number("book_id"));
        await Changes(() => Sends(HttpMethod.Patch, $"books/{book}", new { title = $"{word} 둘" }));
        await Changes(() => Sends(HttpMethod.Patch, $"books/{book}", new { tags = new[] { tag } }));
        await Changes(() => Sends(HttpMethod.Put, $"tags/{tag}", new { name = $"{word} 새 갈래" }));
        await Changes(() => Sends(HttpMethod.Delete, $"tags/{tag}", null));
        await Changes(() => Sends(HttpMethod.Patch, $"books/{book}", new { stock = 2 }));

        var loan = 0L;
        await Changes(async () => loan = await Borrowed(me));
        await Changes(() => me.Return(loan, new { quantity = 1 }).Is(HttpStatusCode.OK));
        var loans = new[] { await Borrowed(me), await Borrowed(me) };
        var hold = (await (await other.Hold(book)).Json(HttpStatusCode.Created)).Number("hold_id");
        await me.Return(loans[0], new { quantity = 1 }).Is(HttpStatusCode.OK);
        // What was put aside can be borrowed by anybody again.
        await Changes(() => other.Client.Send(HttpMethod.Delete, $"/api/v1/holds/{hold}").Is(HttpStatusCode.NoContent));
        loans[0] = await Borrowed(me);
        hold = (await (await other.Hold(book)).Json(HttpStatusCode.Created)).Number("hold_id");
        await me.Return(loans[0], new { quantity = 1 }).Is(HttpStatusCode.OK);
        await yard.Database.Write(
            sql =>
                sql.Execute(
                    "UPDATE holds SET pick_up_until = @Past WHERE id = @hold",
                    new { Past = sql.Now.AddSeconds(-1), hold }
                ),
            Stop
        );
        await Changes(() => yard.Get<HoldStore>().Expire(Stop));
        await me.Return(loans[1], new { quantity = 1 }).Is(HttpStatusCode.OK);
        await Changes(() => Sends(HttpMethod.Delete, $"books/{book}", null));

        async Task Changes(Func<Task> change)
        {
            var before = await List();
            Assert.Equal(before, await List());
            await change();
            Assert.NotEqual(before, await List());
        }

        async Task<string> List() =>
            JsonSerializer.Serialize((await yard.Admin.Books($"title={word}")).GetProperty("results"));

        async Task<long> Borrowed(Person person) =>
            (await (await person.Borrow(book, 1)).Json(HttpStatusCode.Created)).Number("loan_id");

        async Task Sends(HttpMethod method, string path, object? body)
        {
            using var answer = await client.Send(method, $"/api/v1/{path}", body);
            Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData(new long[] { 5 }, "6 x", new long[] { 5, 6 }, "x")]
    [InlineData(new long[] { 5 }, "6", new long[] { 5, 6 }, null)]
    [InlineData(new long[] { 5 }, "x&q=y", new long[] { 5 }, "x")]
    [InlineData(new long[] { }, "&q=5", new long[] { 5 }, null)]
    public void What_is_counted_of_one_question_is_not_another_s(
        long[] tags,
        string? q,
        long[] others,
        string? other
    ) =>
        Assert.NotEqual(
            new ShelfQuery { Tag = tags, Q = q }.Counted,
            new ShelfQuery { Tag = others, Q = other }.Counted
        );

    [Fact]
    public async Task The_shelf_counts_its_books_and_those_of_its_tags_anew_when_they_change_and_not_for_a_loan()
    {
        var word = $"서가{Guid.NewGuid():N}";
        var tag = await yard.Admin.AddTag(word);
        var browser = await new Browser(yard).SignIn(yard.Admin);
        var one = (await yard.Admin.AddBook(LibraryCalls.NewBook(word, 1, tag))).Number("book_id");
        Assert.Equal("책 한 권", await Count());
        await yard.Admin.AddBook(LibraryCalls.NewBook(word, 1, tag));
        Assert.Equal("책 2권", await Count());

        var statements = new List<string>();
        await yard.Admin.Borrow(one, 1).Is(HttpStatusCode.Created);
        yard.Database.Watcher = (text, _) =>
        {
            lock (statements)
            {
                statements.Add(text);
            }
        };
        Assert.Equal("책 2권", await Count());
        yard.Database.Watcher = null;
        Assert.Contains(statements, text => text.Contains("FROM books", StringComparison.Ordinal));
        Assert.DoesNotContain(statements, text => text.Contains("SELECT count(*) FROM book", StringComparison.Ordinal));
        Assert.DoesNotContain(statements, text => text.Contains("GROUP BY tag_id", StringComparison.Ordinal));

        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{one}", new { title = "다른 이름" })
            .Is(HttpStatusCode.OK);
        Assert.Equal("책 한 권", await Count());

        Assert.Contains($"{word} 2", await Tags(), StringComparison.Ordinal);
        await yard
            .Admin.Client.Send(HttpMethod.Patch, $"/api/v1/books/{one}", new { tags = Array.Empty<long>() })
            .Is(HttpStatusCode.OK);
        Assert.Contains($"{word} 1", await Tags(), StringComparison.Ordinal);
        await yard
            .Admin.Client.Send(HttpMethod.Put, $"/api/v1/tags/{tag}", new { name = $"새{word}" })
            .Is(HttpStatusCode.OK);
        Assert.Contains($"새{word} 1", await Tags(), StringComparison.Ordinal);
        await yard.Admin.Client.Send(HttpMethod.Delete, $"/api/v1/tags/{tag}").Is(HttpStatusCode.NoContent);
        Assert.DoesNotContain(word, await Tags(), StringComparison.Ordinal);

        // The words of the shelf's tags, each with its number.
        async Task<string> Tags()
        {
            using var answer = await browser.Send(HttpMethod.Get, "/library");
            var tags = (await answer.Content.ReadAsStringAsync(Stop)).Split("id=\"shelf-tags\"")[1].Split("</section>")[
                0
            ];
            return string.Join(' ', TextBetweenTags().Matches(tags).Select(match => match.Value.Trim()));
        }

        async Task<string> Count()
        {
            using var answer = await browser.Send(HttpMethod.Get, $"/library?q={word}");
            var page = await answer.Content.ReadAsStringAsync(Stop);
            return page.Split("id=\"shelf-count\"")[1].Split('<')[0].Split('>')[1];
        }
    }

    [GeneratedRegex(@"(?<=>)[^<\s][^<]*")]
    private static partial Regex TextBetweenTags();
}
