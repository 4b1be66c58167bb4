using System.Net;
using Madang.Library.Moving;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

public sealed class ForgettingBookImportsOnSqlite(SqliteYard yard)
    : ForgettingBookImports(yard),
        IClassFixture<SqliteYard>;

public sealed class ForgettingBookImportsOnPostgres(PostgresYard yard)
    : ForgettingBookImports(yard),
        IClassFixture<PostgresYard>;

/// <summary>What is known of imports of books goes when nobody needs it; the books stay.</summary>
public abstract class ForgettingBookImports(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_known_of_imports_goes_with_the_user_and_after_thirty_days()
    {
        var leaving = await yard.SignUp();
        await yard.Database.Write(
            sql =>
                sql.Execute(
                    """
                    INSERT INTO book_imports (
                        owner_id, runner, file, file_name, is_dry_run, state, total, added, present, refused, lines, created_at, updated_at
                    )
                    VALUES (@Id, 'x', 'aaaaaaaaaaaaaaaaaaaaaaaaaa', 'x', @Yes, 'done', 0, 0, 0, 0, '[]', @Now, @Now)
                    """,
                    new
                    {
                        leaving.Id,
                        Yes = true,
                        sql.Now,
                    }
                ),
            Stop
        );
        await leaving.Client.DeleteAsync("/api/v1/users/me", Stop).Is(HttpStatusCode.NoContent);
        await Probe.Until(async () => await Imports(leaving.Id) == 0, TimeSpan.FromSeconds(10));

        await yard.Admin.ImportBooks("title,author,isbn\n,,\n");
        var count = await Imports(yard.Admin.Id);
        Assert.True(count > 0);
        await yard.Database.Write(
            sql =>
                sql.Execute(
                    "UPDATE book_imports SET updated_at = @Then, file = NULL",
                    new { Then = sql.Now.AddDays(-29) }
                ),
            Stop
        );
        await yard.Get<BookImportFiles>().Tidy(Stop);
        Assert.Equal(count, await Imports(yard.Admin.Id));
        await yard.Database.Write(
            sql => sql.Execute("UPDATE book_imports SET updated_at = @Then", new { Then = sql.Now.AddDays(-31) }),
            Stop
        );
        await yard.Get<BookImportFiles>().Tidy(Stop);
        Assert.Equal(0, await Imports(yard.Admin.Id));
    }

    private Task<long> Imports(long owner) =>
        yard.Database.Read(
            sql => sql.Single<long>("SELECT count(*) FROM book_imports WHERE owner_id = @owner", new { owner }),
            Stop
        );
}
