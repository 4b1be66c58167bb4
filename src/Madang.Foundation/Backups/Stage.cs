namespace Madang.Foundation.Backups;

/// <summary>A part of long work, shown to whoever waits for it.</summary>
/// <param name="title">What is done.</param>
/// <param name="total">How many steps there will be, about.</param>
/// <param name="work">Does it, and calls its argument with the steps done since.</param>
internal delegate Task Stage(string title, long total, Func<Action<long>, Task> work);
