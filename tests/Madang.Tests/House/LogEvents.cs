using System.Reflection;
using Madang.Host;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.House;

/// <summary>An operator knows each event that he should look at, and what to do about it.</summary>
public sealed class LogEvents
{
    private static readonly List<LoggerMessageAttribute> All =
    [
        .. new[] { typeof(Server).Assembly }
            .Concat(
                typeof(Server)
                    .Assembly.GetReferencedAssemblies()
                    .Where(name => name.Name!.StartsWith("Madang.", StringComparison.Ordinal))
                    .Select(Assembly.Load)
            )
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.Static
                        | BindingFlags.Instance
                        | BindingFlags.NonPublic
                        | BindingFlags.Public
                        | BindingFlags.DeclaredOnly
                )
            )
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>(),
    ];

    [Fact]
    public void Each_has_an_id_of_its_own()
    {
        Assert.NotEmpty(All);
        Assert.Empty(All.GroupBy(one => one.EventId).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void Each_warning_and_error_is_in_the_operators_table_with_its_level_and_nothing_else_is()
    {
        var told = Repository
            .Read("docs/operate.md")
            .Split('\n')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 4 && int.TryParse(cells[1], out var _))
            .Select(cells => $"{cells[1]} {cells[2]}");
        Assert.Equal(
            All.Where(one => one.Level >= LogLevel.Warning)
                .Select(one => $"{one.EventId} {one.Level}")
                .Order(StringComparer.Ordinal),
            told.Order(StringComparer.Ordinal)
        );
    }
}
