using System.Globalization;
using System.Text.RegularExpressions;
using Madang.Foundation.Schema;
using Madang.Host;
using Madang.Tests.House;
using Madang.Tests.Yards;

namespace Madang.Tests.Schema;

public sealed class RunningOnANewerSchemaOnSqlite(BareSqlite bare)
    : RunningOnANewerSchema(bare),
        IClassFixture<BareSqlite>;

public sealed class RunningOnANewerSchemaOnPostgres(BarePostgres bare)
    : RunningOnANewerSchema(bare),
        IClassFixture<BarePostgres>;

/// <summary>
/// While a fleet rolls, and when it is rolled back, the code of the level before runs on the newest schema. What it did stands as
/// statements in <c>previous/</c>; whoever adds a script brings the room's files there up to the level before it.
/// </summary>
public abstract partial class RunningOnANewerSchema(Bare bare)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_level_before_reads_and_writes_on_its_own_schema_and_on_the_newest()
    {
        var all = SchemaRunner.Scripts(bare.Database, Modules.All);
        var newest = all.GroupBy(script => script.Room)
            .ToDictionary(room => room.Key, room => room.Max(script => script.Number));
        var rooms = newest
            .Where(room => room.Value > 1)
            .Select(room => (Name: room.Key, Level: room.Value - 1))
            .ToList();
        Assert.All(rooms, room => Assert.Equal((room.Name, room.Level), LevelOf(File(room.Name))));

        var before = all.FindAll(script => script.Number < newest[script.Room] || script.Number == 1);
        Assert.True(before.Count < all.Count);
        await new SchemaRunner(bare.Database, before, new Version(0, 1, 0)).Migrate(Stop);
        foreach (var room in rooms)
        {
            await Run(File(room.Name));
        }
        await bare.Build();
        foreach (var room in rooms)
        {
            await Run(File(room.Name));
        }
    }

    private string File(string room) =>
        Repository.Read(
            $"tests/Madang.Tests/Schema/previous/{room}.{bare.Database.Dialect.ToString().ToLowerInvariant()}.sql"
        );

    private static (string Room, int Level) LevelOf(string file)
    {
        var level = Level().Match(file);
        return (level.Groups[1].Value, int.Parse(level.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Each statement must find or change something, or it would show nothing.</summary>
    private Task<int> Run(string file) =>
        bare.Database.Write(
            async sql =>
            {
                foreach (var text in Statements(file))
                {
                    var count =
                        text.StartsWith("SELECT", StringComparison.Ordinal)
                        || text.Contains("RETURNING", StringComparison.Ordinal)
                            ? (await sql.Query<object>(text)).Count
                            : await sql.Execute(text);
                    Assert.True(count > 0, text);
                }
                return 0;
            },
            Stop
        );

    private static IEnumerable<string> Statements(string file) =>
        Comment()
            .Replace(file, "")
            .Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\A-- level: (\w+) (\d{4})\r?\n")]
    private static partial Regex Level();

    [GeneratedRegex(@"^--.*\r?\n", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
