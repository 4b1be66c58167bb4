using FsCheck;
using FsCheck.Fluent;

namespace Madang.Tests.Library;

/// <summary>What one client does next.</summary>
internal enum Deed
{
    List,
    AddBook,
    EditBook,
    DeleteBook,
    AddTag,
    RenameTag,
    DeleteTag,
    Borrow,
    Return,
    Pause,
}

/// <summary>One step of a client: on which of the processes, and two numbers that say what of.</summary>
internal readonly record struct Step(Deed Deed, int Process, int A, int B)
{
    public override string ToString() => $"{Deed}@{Process}({A},{B})";
}

/// <summary>What several clients do at once. FsCheck makes it, and takes steps out of one that fails as long as it still does.</summary>
/// <param name="Clients">The steps of each, one after the other.</param>
/// <param name="Questions">Numbers that the lists of all of them are made of: few, so that they are asked for again.</param>
internal sealed record LibraryPlan(Step[][] Clients, int[] Questions)
{
    private const int Most = 3;
    private const int Steps = 40;
    private const int DifferentLists = 12;

    /// <summary>A plan takes seconds: so many smaller ones are tried of one that fails, and no more.</summary>
    private const int MostTries = 15;

    internal static Arbitrary<LibraryPlan> Any()
    {
        var tries = MostTries;
        return Arb.From(
            from clients in Gen.Choose(1, Most)
            from steps in OneStep.ArrayOf(Steps).ArrayOf(clients)
            from questions in Gen.Choose(0, int.MaxValue - 1).ArrayOf(DifferentLists)
            select new LibraryPlan(steps, questions),
            plan => Smaller(plan).TakeWhile(_ => tries-- > 0)
        );
    }

    private static Gen<Step> OneStep =>
        from deed in Gen.Frequency(
            (12, Gen.Constant(Deed.List)),
            (3, Gen.Constant(Deed.AddBook)),
            (3, Gen.Constant(Deed.EditBook)),
            (1, Gen.Constant(Deed.DeleteBook)),
            (2, Gen.Constant(Deed.AddTag)),
            (3, Gen.Constant(Deed.RenameTag)),
            (1, Gen.Constant(Deed.DeleteTag)),
            (2, Gen.Constant(Deed.Borrow)),
            (2, Gen.Constant(Deed.Return)),
            (1, Gen.Constant(Deed.Pause))
        )
        from process in Gen.Choose(0, 1)
        from a in Gen.Choose(0, 999)
        from b in Gen.Choose(0, 999)
        select new Step(deed, process, a, b);

    public override string ToString() =>
        string.Join('\n', Clients.Select((steps, client) => $"client {client}: {string.Join(' ', steps)}"))
        + $"\nlists: {string.Join(' ', Questions)}";

    /// <summary>First without a client, then without half of one's steps, a quarter, and so on down to one.</summary>
    private static IEnumerable<LibraryPlan> Smaller(LibraryPlan plan)
    {
        for (var client = 0; client < plan.Clients.Length && plan.Clients.Length > 1; client++)
        {
            yield return plan with
            {
                Clients = [.. plan.Clients[..client], .. plan.Clients[(client + 1)..]],
            };
        }
        for (var client = 0; client < plan.Clients.Length; client++)
        {
            var steps = plan.Clients[client];
            for (var length = steps.Length / 2; length > 0; length /= 2)
            {
                for (var from = 0; from + length <= steps.Length; from += length)
                {
                    var clients = plan.Clients.ToArray();
                    clients[client] = [.. steps[..from], .. steps[(from + length)..]];
                    yield return plan with
                    {
                        Clients = clients,
                    };
                }
            }
        }
    }
}
