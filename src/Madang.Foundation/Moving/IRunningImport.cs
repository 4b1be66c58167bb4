using Madang.Foundation.Data;

namespace Madang.Foundation.Moving;

/// <summary>An import while it runs.</summary>
public interface IRunningImport
{
    /// <summary>The name of its file; null when its row has let go of it.</summary>
    string? File { get; }

    /// <summary>Whether it only tells what would happen; then its file stays, to go on from.</summary>
    bool IsDryRun { get; }

    /// <summary>Takes the file in.</summary>
    /// <exception cref="BrokenImportException">The file as a whole can't be read.</exception>
    Task Run(FileStream file, CancellationToken stop);

    /// <summary>Writes the end into its row, whatever else has stopped.</summary>
    /// <param name="problem">Why it failed, as the API names it; null when it went well.</param>
    /// <param name="detail">What belongs to that, such as the trace id of <c>failed_inside</c>; or null.</param>
    /// <param name="keepsFile">Whether the row keeps its file.</param>
    Task End(string? problem, string? detail, bool keepsFile);
}

/// <summary>What the transaction that was kept came to: one that was lost and tried again leaves nothing here.</summary>
public sealed class BegunImport
{
    internal long? Id { get; private set; }

    internal IReadOnlyList<string> Gone { get; private set; } = [];

    /// <summary>Says that an import's row was written.</summary>
    /// <param name="sql">The transaction that wrote it.</param>
    /// <param name="id">The import.</param>
    /// <param name="gone">The files that rows let go of for it.</param>
    public void Is(Sql sql, long id, IReadOnlyList<string> gone)
    {
        ArgumentNullException.ThrowIfNull(sql);
        sql.AfterCommit(() => (Id, Gone) = (id, gone));
    }
}
