using System.Net;
using Madang.Foundation.Samples;
using Madang.Library;
using Madang.Library.Lending;
using Madang.Library.Samples;
using Madang.Library.Telling;
using Madang.Tests.Files;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class SamplesOfALibraryOnSqlite(SqliteYard yard) : SamplesOfALibrary(yard), IClassFixture<SqliteYard>;

public sealed class SamplesOfALibraryOnPostgres(PostgresYard yard)
    : SamplesOfALibrary(yard),
        IClassFixture<PostgresYard>;

/// <summary>Sample books and loans: made as real ones are, and away again but for what somebody has taken for his own.</summary>
public abstract class SamplesOfALibrary(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LibrarySamples Samples =>
        yard.Server.App.Services.GetServices<ISampleSource>().OfType<LibrarySamples>().Single();

    [Fact]
    public async Task A_few_are_found_lent_and_proved_like_others_and_go_but_for_what_somebody_has_or_changed()
    {
        var admin = yard.Admin;
        Assert.Empty(await admin.BookIds("page_size=500"));
        Assert.Equal(SampleState.Empty, await Samples.State(admin.Id, Stop));

        Assert.Equal(24, await Add(SampleSize.Few, new SamplePerson(admin.Id, "ko")));
        Assert.Equal(SampleState.HasSamples, await Samples.State(admin.Id, Stop));
        var ids = await admin.BookIds("page_size=500");
        Assert.Equal(24, ids.Count);
        Assert.Single(await admin.BookIds($"title={Uri.EscapeDataString("이기적 유")}"));
        Assert.Single(await admin.BookIds($"title={Uri.EscapeDataString("ㅇㄱㅈ ㅇㅈㅈ")}"));
        var (loans, overdue) = await Loans(admin);
        Assert.Equal((3, 1), (loans, overdue));
        await IsProved(3);

        Assert.Equal(0, await Add(SampleSize.Few, new SamplePerson(admin.Id, "ko")));
        Assert.Equal((3, 1), await Loans(admin));

        // What somebody made his own: an entry, a cover, a loan, and one that he waits for.
        var lent = await Open();
        var free = ids.FindAll(id => !lent.Contains(id));
        var waited = lent[^1];
        var member = await yard.SignUp();
        await admin
            .Client.Send(HttpMethod.Patch, $"/api/v1/books/{free[0]}", new { publisher = "마당" })
            .Is(HttpStatusCode.OK);
        await admin.BringCover(free[1], Made.Png()).Is(HttpStatusCode.NoContent);
        await member.Borrow(free[2], 1).Is(HttpStatusCode.Created);
        await member.Hold(waited).Is(HttpStatusCode.Created);

        Assert.Equal(20, await Samples.Remove(admin.Id, Stop));
        Assert.Equivalent(
            new[] { free[0], free[1], free[2], waited },
            await admin.BookIds("page_size=500"),
            strict: true
        );
        // Who is an admin sees everybody's: the member's alone.
        Assert.Equal((1, 0), await Loans(admin));
        Assert.Equal((1, 0), await Loans(member));
        using var holds = await member.Client.GetAsync("/api/v1/holds", Stop);
        var hold = (await holds.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray().Single();
        Assert.NotNull(hold.GetProperty("pick_up_until").GetString());
        await IsProved(1);
        // An event about one of the loans that are gone may come as late as this.
        var late = new NewNotice(admin.Id, NoticeKind.Overdue, 987_654_321, null, DateTimeOffset.UtcNow);
        Assert.Equal(0, await yard.Get<NoticeStore>().Add(late, Stop));
        Assert.Equal(
            0,
            await Number("SELECT count(*) FROM tags WHERE NOT EXISTS (SELECT 1 FROM book_tags WHERE tag_id = tags.id)")
        );
        Assert.Equal(SampleState.OwnOnly, await Samples.State(admin.Id, Stop));
        Assert.Equal(0, await Samples.Remove(admin.Id, Stop));
    }

    [Fact]
    public async Task A_year_of_four_people_goes_as_it_came()
    {
        var people = new List<SamplePerson>();
        foreach (var language in new[] { "ko", "en", "ko", "en" })
        {
            people.Add(new((await yard.SignUp()).Id, language));
        }
        var before = (await yard.Admin.BookIds("page_size=500")).Count;
        var added = await Add(SampleSize.Year, [.. people]);
        Assert.InRange(added, 280, 320);
        var audit = await yard.Get<LedgerAudit>().Run(null, Stop);
        Assert.Empty(audit.Disagreements);
        Assert.True(audit.Loans > 200);
        Assert.Equal(added, await Samples.Remove(people[0].Id, Stop));
        Assert.Equal(before, (await yard.Admin.BookIds("page_size=500")).Count);
        Assert.Empty((await yard.Get<LedgerAudit>().Run(null, Stop)).Disagreements);
        Assert.Equal(0, await Number("SELECT count(*) FROM library_samples"));
    }

    private Task<List<long>> Open() =>
        yard.Database.Read(
            sql => sql.Query<long>("SELECT book_id FROM loans WHERE returned_at IS NULL ORDER BY id"),
            Stop
        );

    private Task<int> Add(SampleSize size, params SamplePerson[] people) =>
        Samples.Add(people, size, (_, _) => { }, Stop);

    private static async Task<(int Loans, int Overdue)> Loans(Person person)
    {
        using var answer = await person.Client.GetAsync("/api/v1/loans?page_size=500", Stop);
        var loans = (await answer.Json(HttpStatusCode.OK)).GetProperty("results").EnumerateArray().ToList();
        return (loans.Count, loans.Count(loan => loan.GetProperty("is_overdue").GetBoolean()));
    }

    private async Task IsProved(int loans)
    {
        var audit = await yard.Get<LedgerAudit>().Run(null, Stop);
        Assert.Empty(audit.Disagreements);
        Assert.Equal(loans, audit.Loans);
    }

    private Task<long> Number(string text) => yard.Database.Read(sql => sql.Single<long>(text), Stop);
}

/// <summary>The lists of sample books, as they are written.</summary>
public sealed class ListsOfSampleBooks
{
    [Fact]
    public void Each_has_an_isbn_of_its_own_with_a_right_check_digit_and_is_found_by_a_tag()
    {
        var now = new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
        var all = SampleBooks.Of([new(1, "ko")], SampleSize.Year, now);
        Assert.InRange(all.Count, 280, 320);
        Assert.All(all, book => Assert.Equal(book.Isbn, Isbn.Plain(book.Isbn)));
        Assert.All(all, book => Assert.Equal(13, book.Isbn.Length));
        Assert.Equal(all.Count, all.Select(book => book.Isbn).Distinct().Count());
        Assert.All(all, book => Assert.All([book.Title, book.Author, .. book.Tags], Assert.NotEmpty));
        Assert.All(all, book => Assert.True((book.PublishedAt ?? DateTimeOffset.MinValue) < book.AddedAt, book.Title));

        var (korean, english) = (SampleBooks.Of([new(1, "ko")], SampleSize.Few, now), Few("en"));
        Assert.Equal((24, 24), (korean.Count, english.Count));
        Assert.Equal((16, 8), (korean.Count(IsKorean), english.Count(IsKorean)));
        Assert.All(korean.Zip(korean.Skip(1)), pair => Assert.True(pair.First.AddedAt <= pair.Second.AddedAt));

        IReadOnlyList<SampleBook> Few(string language) => SampleBooks.Of([new(1, language)], SampleSize.Few, now);
        bool IsKorean(SampleBook book) =>
            book.Isbn[3..5] is "89" || book.Isbn.StartsWith("97911", StringComparison.Ordinal);
    }
}
