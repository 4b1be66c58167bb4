namespace Madang.Foundation.Modules;

/// <summary>What keeps the program from starting, as one sentence for the person who started it. The program ends with exit code 1.</summary>
public sealed class StartupException : Exception
{
    /// <param name="sentence">What is wrong and what to do about it.</param>
    /// <param name="cause">What was thrown, when something was.</param>
    public StartupException(string sentence, Exception? cause = null)
        : base(sentence, cause) { }
}
