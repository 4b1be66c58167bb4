namespace Madang.Foundation.Checkups;

/// <summary>
/// Something that an operator must keep in order, looked at by <c>madang doctor</c> beside a running server. Rooms register their own
/// as services. What isn't configured is fine.
/// </summary>
public interface ICheckup
{
    /// <summary>What is looked at: one lower-case word.</summary>
    string Name { get; }

    /// <summary>Looks, leaving everything as it was.</summary>
    /// <returns>One finding, or one for each thing of its kind; none when there is nothing to say.</returns>
    Task<IReadOnlyList<Finding>> Look(CancellationToken stop);
}

/// <summary>What was found.</summary>
/// <param name="Verdict">How it stands.</param>
/// <param name="Text">What is so, and what to do about it when it is not good: one line.</param>
public sealed record Finding(Verdict Verdict, string Text)
{
    /// <summary>All is well.</summary>
    public static IReadOnlyList<Finding> Ok(string text) => [new(Verdict.Ok, text)];

    /// <summary>It works, but not for ever.</summary>
    public static IReadOnlyList<Finding> Warning(string text) => [new(Verdict.Warning, text)];

    /// <summary>It does not work.</summary>
    public static IReadOnlyList<Finding> Problem(string text) => [new(Verdict.Problem, text)];
}

/// <summary>How a thing stands.</summary>
public enum Verdict
{
    /// <summary>As it should.</summary>
    Ok,

    /// <summary>Somebody should look at it.</summary>
    Warning,

    /// <summary>Something does not work; <c>doctor</c> ends with exit code 1.</summary>
    Problem,
}
