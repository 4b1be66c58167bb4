using Madang.Foundation.Data;

namespace Madang.Foundation.Files;

/// <summary>Throws away what uploads that were killed half-way left unchecked.</summary>
internal sealed class ScratchFiles(FileStore files) : IHousework
{
    public Task Tidy(CancellationToken stop)
    {
        files.RemoveScratch();
        return Task.CompletedTask;
    }
}
