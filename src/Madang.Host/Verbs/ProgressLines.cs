namespace Madang.Host.Verbs;

/// <summary>A line at each tenth of long work.</summary>
/// <param name="things">What is counted.</param>
internal sealed class ProgressLines(string things)
{
    private int tenth;

    internal void Tell(int done, int total)
    {
        if (total > 0 && done * 10L / total > tenth)
        {
            tenth = (int)(done * 10L / total);
            Console.WriteLine($"{done} of {total} {things}");
        }
    }
}
