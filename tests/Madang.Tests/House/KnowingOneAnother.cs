using System.Reflection;
using Madang.Foundation.Modules;
using Madang.Host;

namespace Madang.Tests.House;

/// <summary>Host knows rooms, rooms know Foundation, and there is no other arrow.</summary>
public sealed class KnowingOneAnother
{
    private static readonly Assembly Host = typeof(Program).Assembly;
    private static readonly Assembly Foundation = typeof(IModule).Assembly;

    private static IEnumerable<Assembly> Rooms => Modules.All.Select(room => room.GetType().Assembly);

    [Fact]
    public void Foundation_knows_nobody_of_the_house() => Assert.Empty(Known(Foundation));

    [Fact]
    public void A_room_knows_foundation_and_no_other_room() =>
        Assert.All(Rooms, room => Assert.Equal([Foundation.GetName().Name!], Known(room)));

    [Fact]
    public void The_host_knows_foundation_and_the_rooms() =>
        Assert.Equal(
            Rooms.Append(Foundation).Select(one => one.GetName().Name!).Order(StringComparer.Ordinal),
            Known(Host)
        );

    [Fact]
    public void Every_project_that_is_a_room_stands_in_the_host_s_array() =>
        Assert.Equal(
            Repository
                .Files("src", ".csproj")
                .Select(Path.GetFileNameWithoutExtension)
                .Except(["Madang.Host", "Madang.Foundation"]),
            Rooms.Select(room => room.GetName().Name).Order(StringComparer.Ordinal)
        );

    private static IEnumerable<string> Known(Assembly assembly) =>
        assembly
            .GetReferencedAssemblies()
            .Select(one => one.Name!)
            .Where(name => name.StartsWith("Madang", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);
}
