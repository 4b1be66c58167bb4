using Madang.Foundation.Backups;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>A room that adds tables needs to say nothing about backups, as long as both databases have the same ones.</summary>
public sealed class KnowingEveryTable(PostgresServer postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_databases_have_the_same_tables_columns_and_ids_but_for_those_that_are_made_anew()
    {
        await using var sqlite = new BareSqlite();
        await using var shared = new BarePostgres(postgres);
        var here = await TablesOf(sqlite);
        var there = await TablesOf(shared);

        Assert.Equal(here, there);
        Assert.True(here.Count > 14);
    }

    [Fact]
    public async Task A_table_that_is_made_anew_stands_in_the_schema()
    {
        await using var shared = new BarePostgres(postgres);
        await shared.InitializeAsync();
        await shared.Build();
        var names = await shared.Database.Read(sql => Tables.Of(sql).Names(), Stop);

        Assert.All(Modules.All.SelectMany(room => room.DerivedTables), table => Assert.Contains(table.Name, names));
    }

    private static async Task<List<string>> TablesOf(Bare bare)
    {
        await bare.InitializeAsync();
        await bare.Build();
        return await bare.Database.Read(
            async sql =>
            {
                var access = Tables.Of(sql);
                var told = new List<string>();
                foreach (var name in SchemaLevel.Tables(await access.Names(), sql.Dialect, Modules.All))
                {
                    var columns = (await access.Columns(name)).Select(column => $"{column.Name} {column.Kind}").Order();
                    var givesIds = await access.LastId(name) is not null;
                    told.Add($"{name} ({string.Join(", ", columns)}){(givesIds ? " gives ids" : "")}");
                }
                return told.Order(StringComparer.Ordinal).ToList();
            },
            Stop
        );
    }
}
