namespace Madang.Foundation.Moving;

/// <summary>A file that can't be imported as a whole.</summary>
/// <param name="problem">Why, as the API names it.</param>
/// <param name="detail">What belongs to it, such as the names to choose from; or null.</param>
public sealed class BrokenImportException(string problem, string? detail = null) : Exception(problem)
{
    /// <summary>Why, as the API names it.</summary>
    public string Problem => Message;

    /// <summary>What belongs to it, or null.</summary>
    public string? Detail => detail;
}
