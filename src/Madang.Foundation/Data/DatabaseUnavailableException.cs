namespace Madang.Foundation.Data;

/// <summary>The database does not answer, or lost a write: the client is told to try again (503, or 507 when the disk is full).</summary>
public sealed class DatabaseUnavailableException(
    string message,
    Exception cause,
    bool isDiskFull = false,
    bool isFateUnknown = false
) : Exception(message, cause)
{
    /// <summary>True when there is no room left to write.</summary>
    public bool IsDiskFull => isDiskFull;

    /// <summary>True when the commit was on its way: nobody but the database knows what became of it.</summary>
    public bool IsFateUnknown => isFateUnknown;
}
