using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>A state of one client's books: what it was after a write, which process took that, and from when to when.</summary>
internal readonly record struct Written(long Began, long Ended, int Process, ShelfModel After);

/// <summary>A list as it was answered, by which process, and from when to when.</summary>
internal sealed record Listed(long Began, long Ended, int Process, Asked Asked, string Answer);

/// <summary>
/// A client that goes through its steps, one after the other. Its books and tags are its own, so that what each of its writes must be
/// answered is known, whatever others write meanwhile; its lists are of everybody's.
/// </summary>
internal sealed class LibraryClient(
    int number,
    HttpClient[] processes,
    ConcurrentBag<Listed> lists,
    Func<Step, Asked> asked
)
{
    private static readonly string[] Words = ["가을 산책", "산", "The SEA", "sea 별", "ㅋㅋ", "Zebra"];

    private static int names;

    private readonly List<Written> history = [new(0, 0, 0, ShelfModel.Empty)];

    /// <summary>All states that its books have had, the first one before all writes.</summary>
    internal IReadOnlyList<Written> History => history;

    internal ShelfModel Now => history[^1].After;

    internal async Task Do(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            var before = history.Count;
            await Do(step);
            if (history.Count > before && step.B % 2 == 0)
            {
                // What is asked for right after a write must have it.
                await List(step.Process % processes.Length, asked(step));
            }
        }
    }

    internal async Task List(int process, Asked list)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await processes[process].GetAsync($"/api/v1/books?{list.Query}");
        var json = await answer.Json(HttpStatusCode.OK);
        lists.Add(new(began, Stopwatch.GetTimestamp(), process, list, ShelfModel.Text(json)));
    }

    /// <summary>Takes away again whatever it has made, even where something went wrong.</summary>
    internal async Task TidyUp(int process)
    {
        var client = processes[process];
        using var loans = await client.GetAsync("/api/v1/loans?page_size=500");
        foreach (var loan in (await loans.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray())
        {
            var quantity = loan.Number("quantity");
            (
                await client.Send(HttpMethod.Patch, $"/api/v1/loans/{loan.Number("loan_id")}", new { quantity })
            ).Dispose();
        }
        foreach (var book in history.SelectMany(one => one.After.Books.Keys).Distinct())
        {
            (await client.Send(HttpMethod.Delete, $"/api/v1/books/{book}")).Dispose();
        }
        foreach (var tag in history.SelectMany(one => one.After.Tags.Keys).Distinct())
        {
            (await client.Send(HttpMethod.Delete, $"/api/v1/tags/{tag}")).Dispose();
        }
    }

    private Task Do(Step step)
    {
        var (process, a, b) = (step.Process % processes.Length, step.A, step.B);
        return step.Deed switch
        {
            Deed.AddBook => Add(process, a, b),
            Deed.AddTag => AddTag(process, a),
            Deed.EditBook when One(Now.Books.Keys, a) is { } book => Edit(process, book, b),
            Deed.DeleteBook when One(Now.Books.Keys, a) is { } book => Delete(process, book),
            Deed.RenameTag when One(Now.Tags.Keys, a) is { } tag => Rename(process, tag, b),
            Deed.DeleteTag when One(Now.Tags.Keys, a) is { } tag => DeleteTag(process, tag),
            Deed.Borrow when One(Now.Books.Keys, a) is { } book => Borrow(process, book, 1 + (b % 3)),
            Deed.Return when One(Now.Loans.Keys, a) is { } loan => Return(process, loan),
            // Time for the other process to learn of a write, or not yet.
            Deed.Pause => Task.Delay(b % 400),
            _ => List(process, asked(step)),
        };
    }

    private Task Add(int process, int a, int b) =>
        Write(
            process,
            HttpMethod.Post,
            "books",
            new
            {
                title = Title(a),
                author = $"지은이 {number}{Words[b % 3]}",
                isbn = LibraryCalls.NewIsbn(),
                stock = b % 4,
                published_at = $"20{a % 5:D2}-10-01",
                tags = Tags(b),
            },
            HttpStatusCode.Created,
            book => Now.With(Shelved.Of(book))
        );

    private Task Edit(int process, long book, int b)
    {
        object change = (b % 6) switch
        {
            0 => new { title = Title(b / 6) },
            1 => new { stock = b % 5 },
            2 => new { tags = Tags(b / 6) },
            3 => new { published_at = (string?)null },
            4 => new { author = $"다른 이 {number}{Words[b / 6 % 3]}" },
            _ => new { title = Title(b / 7), tags = Tags(b / 3) },
        };
        return Write(
            process,
            HttpMethod.Patch,
            $"books/{book}",
            change,
            HttpStatusCode.OK,
            after => Now.With(Shelved.Of(after))
        );
    }

    private Task Delete(int process, long book) =>
        Write(
            process,
            HttpMethod.Delete,
            $"books/{book}",
            null,
            Now.IsOut(book) ? HttpStatusCode.Conflict : HttpStatusCode.NoContent,
            _ => Now with { Books = Now.Books.Remove(book) }
        );

    private Task AddTag(int process, int a) =>
        Write(
            process,
            HttpMethod.Post,
            "tags",
            new { name = NewName(a) },
            HttpStatusCode.Created,
            tag => Now with { Tags = Now.Tags.SetItem(tag.Number("tag_id"), tag.Text("name")) }
        );

    /// <summary>Every third time to a name that is taken already, where there is one.</summary>
    private Task Rename(int process, long tag, int b)
    {
        var taken = b % 3 == 0 ? Now.Tags.FirstOrDefault(other => other.Key != tag).Value : null;
        return Write(
            process,
            HttpMethod.Put,
            $"tags/{tag}",
            new { name = taken?.ToUpperInvariant() ?? NewName(b) },
            taken is null ? HttpStatusCode.OK : HttpStatusCode.Conflict,
            after => Now with { Tags = Now.Tags.SetItem(tag, after.Text("name")) }
        );
    }

    private Task DeleteTag(int process, long tag) =>
        Write(process, HttpMethod.Delete, $"tags/{tag}", null, HttpStatusCode.NoContent, _ => Now.WithoutTag(tag));

    private Task Borrow(int process, long book, int quantity) =>
        Write(
            process,
            HttpMethod.Post,
            "loans",
            new { book_id = book, quantity },
            quantity > Now.Books[book].Stock ? HttpStatusCode.BadRequest : HttpStatusCode.Created,
            loan =>
                Now.WithStock(book, -quantity) with
                {
                    Loans = Now.Loans.Add(loan.Number("loan_id"), (book, quantity)),
                }
        );

    private Task Return(int process, long loan)
    {
        var (book, quantity) = Now.Loans[loan];
        return Write(
            process,
            HttpMethod.Patch,
            $"loans/{loan}",
            new { quantity },
            HttpStatusCode.OK,
            _ => Now.WithStock(book, quantity) with { Loans = Now.Loans.Remove(loan) }
        );
    }

    /// <summary>A write, which is answered as the model foresees, and is a new state unless it is refused.</summary>
    private async Task Write(
        int process,
        HttpMethod method,
        string path,
        object? body,
        HttpStatusCode status,
        Func<JsonElement, ShelfModel> after
    )
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await processes[process].Send(method, $"/api/v1/{path}", body);
        var text = await answer.Content.ReadAsStringAsync();
        var ended = Stopwatch.GetTimestamp();
        Assert.True(answer.StatusCode == status, $"{method} {path}: {(int)answer.StatusCode}, not {status}: {text}");
        if ((int)status < 300)
        {
            history.Add(new(began, ended, process, after(text.Length == 0 ? default : JsonElement.Parse(text))));
        }
    }

    private long[] Tags(int b) => [.. Now.Tags.Keys.Order().Where((_, place) => (b >> place) % 2 == 1)];

    private string Title(int a) => $"{Words[a % Words.Length]} c{number} {Words[a / 7 % Words.Length]}";

    private static string NewName(int a) => $"{Words[a % Words.Length]} {Interlocked.Increment(ref names)}";

    private static long? One(IEnumerable<long> of, int a)
    {
        var all = of.Order().ToList();
        return all.Count == 0 ? null : all[a % all.Count];
    }
}
