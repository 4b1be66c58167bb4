namespace Madang.Memos.Samples;

/// <summary>Dice that fall the same way each time, on every system and release (Marsaglia, Xorshift RNGs, 2003). For sample data only.</summary>
/// <param name="seed">Above zero.</param>
internal sealed class Dice(int seed)
{
    private ulong state = (ulong)seed * 0x9E3779B97F4A7C15;

    /// <returns>From 0 to below <paramref name="below"/>.</returns>
    internal int Next(int below)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (int)(state % (ulong)below);
    }

    internal void Shuffle<T>(IList<T> things)
    {
        for (var at = things.Count - 1; at > 0; at--)
        {
            var other = Next(at + 1);
            (things[at], things[other]) = (things[other], things[at]);
        }
    }
}
