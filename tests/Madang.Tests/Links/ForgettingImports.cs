using System.Net;
using Madang.Links.Moving;
using Madang.Tests.Yards;

namespace Madang.Tests.Links;

public sealed class ForgettingImportsOnSqlite(SqliteYard yard) : ForgettingImports(yard), IClassFixture<SqliteYard>;

public sealed class ForgettingImportsOnPostgres(PostgresYard yard)
    : ForgettingImports(yard),
        IClassFixture<PostgresYard>;

/// <summary>What is known of imports goes when nobody needs it.</summary>
public abstract class ForgettingImports(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Imports_their_files_and_origins_go_with_the_user_and_those_of_others_stay()
    {
        var (leaving, staying) = (await yard.SignUp(), await yard.SignUp());
        foreach (var person in new[] { leaving, staying })
        {
            await person.ImportLinks($"url,visibility\nhttps://example.com/{person.Id},team\n", "from=csv");
            await person.ImportLinks("https://example.com/비밀", "from=csv&dry_run=true");
        }
        var file = await File(leaving);
        Assert.NotNull(file);
        await leaving.Client.DeleteAsync("/api/v1/users/me", Stop).Is(HttpStatusCode.NoContent);

        await Probe.Until(async () => await Count("link_origins", leaving) == 0, TimeSpan.FromSeconds(10));
        Assert.Equal(
            (0, 2, 1),
            (
                await Count("link_imports", leaving),
                await Count("link_imports", staying),
                await Count("link_origins", staying)
            )
        );
        Assert.DoesNotContain(file, Kept());
        Assert.Contains(await File(staying), Kept());
    }

    [Fact]
    public async Task An_import_is_told_of_for_thirty_days_and_a_list_of_them_without_its_lines()
    {
        var me = await yard.SignUp();
        await me.ImportLinks("https://example.com/1", "from=csv");
        await me.ImportLinks("https://example.com/2", "from=csv&dry_run=true");
        var listed = await yard.Get<LinkImportStore>().Last(me.Id, 5, Stop);
        Assert.Equal(["[]", "[]"], listed.ConvertAll(row => row.Lines));

        await Age(me, TimeSpan.FromDays(29));
        await yard.Get<LinkImportFiles>().Tidy(Stop);
        Assert.Equal(2, await Count("link_imports", me));
        await Age(me, TimeSpan.FromDays(2));
        await yard.Get<LinkImportFiles>().Tidy(Stop);
        Assert.Equal((0, 1), (await Count("link_imports", me), await Count("link_origins", me)));
    }

    private IEnumerable<string?> Kept() =>
        Directory.EnumerateFiles(yard.Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName);

    private Task<string?> File(Person person) =>
        yard.Database.Read(
            sql =>
                sql.First<string>(
                    "SELECT file FROM link_imports WHERE owner_id = @Id AND file IS NOT NULL",
                    new { person.Id }
                ),
            Stop
        );

    private Task<int> Count(string table, Person person) =>
        yard.Database.Read(
            sql => sql.Single<int>($"SELECT count(*) FROM {table} WHERE owner_id = @Id", new { person.Id }),
            Stop
        );

    private Task<int> Age(Person person, TimeSpan time) =>
        yard.Database.Write(
            async sql =>
            {
                var since = await sql.Single<DateTimeOffset>(
                    "SELECT min(updated_at) FROM link_imports WHERE owner_id = @Id",
                    new { person.Id }
                );
                return await sql.Execute(
                    "UPDATE link_imports SET updated_at = @At WHERE owner_id = @Id",
                    new { person.Id, At = since - time }
                );
            },
            Stop
        );
}
