namespace Madang.Foundation.Files;

/// <summary>
/// Keeps callers from waiting, one after the other, for something that is away: after a failure nobody asks for a while, then one does, and
/// all do once he has got an answer (Nygard, Release It!, "Circuit Breaker").
/// </summary>
/// <param name="clock">The clock that the pause is told by.</param>
/// <param name="pause">How long nobody asks.</param>
internal sealed class CircuitBreaker(TimeProvider clock, TimeSpan pause)
{
    /// <summary>Ticks of UTC until which nobody asks; 0 while everybody may.</summary>
    private long until;

    /// <returns>Whether the caller may ask. After a pause it is true for one, and for the next only after another pause or an answer.</returns>
    internal bool MayAsk()
    {
        var end = Volatile.Read(ref until);
        var now = clock.GetUtcNow().UtcTicks;
        return end == 0
            // A clock that was put back prolongs no pause.
            || (
                (now >= end || now < end - pause.Ticks)
                && Interlocked.CompareExchange(ref until, now + pause.Ticks, end) == end
            );
    }

    /// <summary>Begins a pause.</summary>
    /// <returns>Whether everybody might ask until now.</returns>
    internal bool Failed() => Interlocked.Exchange(ref until, clock.GetUtcNow().UtcTicks + pause.Ticks) == 0;

    /// <summary>Ends the pause: there was an answer, whatever it says.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool Answered() => Volatile.Read(ref until) != 0 && Interlocked.Exchange(ref until, 0) != 0;
}
