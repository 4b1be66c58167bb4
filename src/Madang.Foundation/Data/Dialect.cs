namespace Madang.Foundation.Data;

/// <summary>The two databases that Madang speaks.</summary>
public enum Dialect
{
    /// <summary>The embedded default: one file in the data directory.</summary>
    Sqlite,

    /// <summary>The one that several processes share.</summary>
    Postgres,
}
