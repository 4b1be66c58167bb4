namespace Madang.Foundation.Samples;

/// <summary>
/// What a room gives to a yard that shows what it can do: to a new admin who wants to look around, and to <c>madang demo</c>. The same
/// each time for the same people, and nothing that is there already is added again.
/// </summary>
public interface ISampleSource
{
    /// <returns>What this user has of the room.</returns>
    Task<SampleState> State(long user, CancellationToken stop);

    /// <summary>Adds sample data.</summary>
    /// <param name="people">Whose it becomes, told apart by their place in this list.</param>
    /// <param name="size">How much.</param>
    /// <param name="progress">Is told after each part how many things there are, and of how many.</param>
    /// <param name="stop">Ends it between two parts.</param>
    /// <returns>How many things were added.</returns>
    Task<int> Add(
        IReadOnlyList<SamplePerson> people,
        SampleSize size,
        Action<int, int> progress,
        CancellationToken stop
    );

    /// <summary>Takes a user's sample data away for good; what he has changed is his own and stays.</summary>
    /// <returns>How many things went.</returns>
    Task<int> Remove(long user, CancellationToken stop);
}

/// <summary>Somebody whose things are made up.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Language"><c>ko</c> or <c>en</c>: what most of them are in.</param>
public sealed record SamplePerson(long Id, string Language);

/// <summary>How much sample data.</summary>
public enum SampleSize
{
    /// <summary>A few dozen things, to look around.</summary>
    Few,

    /// <summary>A year of a team's life.</summary>
    Year,
}

/// <summary>What a user has of a room.</summary>
public enum SampleState
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>Sample data, and perhaps things of his own.</summary>
    HasSamples,

    /// <summary>Things of his own alone.</summary>
    OwnOnly,
}
