using System.Diagnostics;
using System.Security.Cryptography;
using Madang.Foundation.Data;
using Madang.Foundation.Schema;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

/// <summary>A backup for which there is no room is refused in one sentence, and leaves nothing behind.</summary>
public sealed class RunningOutOfRoom
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("64k", "no room for the copy of the database")]
    [InlineData("800k", "room for the copy, none for the uploads")]
    public async Task On_a_small_disk(string size, string where)
    {
        using var folder = new TemporaryFolder();
        await using (var database = Database.OpenSqlite(folder.File("madang.db"), null, TimeProvider.System))
        {
            await new SchemaRunner(database, Modules.All).Migrate(Stop);
        }
        Directory.CreateDirectory(folder.File("uploads"));
        await File.WriteAllBytesAsync(folder.File("uploads/picture"), RandomNumberGenerator.GetBytes(2_000_000), Stop);
        var disk = folder.File("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && await Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", disk),
            $"Only who may mount a small disk can fill one ({where})."
        );
        try
        {
            (await Ran.Verb("backup", Path.Combine(disk, "b.zip"), folder.Setting)).Refused("could not be written");
            Assert.Empty(Directory.GetFileSystemEntries(disk));
        }
        finally
        {
            await Run("umount", disk);
        }
    }

    private static async Task<bool> Run(params string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true }
        )!;
        await process.WaitForExitAsync(Stop);
        return process.ExitCode == 0;
    }
}
