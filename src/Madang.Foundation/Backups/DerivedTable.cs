using Madang.Foundation.Data;

namespace Madang.Foundation.Backups;

/// <summary>A table that only repeats what stands in others, such as a search index.</summary>
/// <param name="Name">Its name, the same on both databases.</param>
/// <param name="Fill">Fills it, when it is empty, from what the others hold.</param>
public sealed record DerivedTable(string Name, Func<Sql, Task> Fill);
