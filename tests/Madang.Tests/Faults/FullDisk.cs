using System.Diagnostics;
using System.Net;
using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>The disk on which the data lies is full: writes are refused, reads go on, and with room all is well again.</summary>
public sealed class FullDisk
{
    internal static readonly HttpStatusCode[] Refusals =
    [
        HttpStatusCode.InsufficientStorage,
        HttpStatusCode.ServiceUnavailable,
    ];

    [Fact]
    public async Task The_embedded_database_refuses_writes_reads_on_and_recovers_by_itself()
    {
        await using var disk = await SmallDisk.Mount(16);
        await using var served = new Served($"--Data:Directory={disk.Path}");
        await served.Start();
        await Survives(served, disk, "SQLite");
        await using var database = Database.OpenSqlite(Path.Combine(disk.Path, "madang.db"), null, TimeProvider.System);
        await database.IsSound();
    }

    [Fact]
    public async Task PostgreSQL_without_room_is_told_alike_and_recovers_by_itself()
    {
        Assert.SkipWhen(PostgresProcess.Programs is null, PostgresProcess.NotInstalled);
        await using var disk = await SmallDisk.Mount(32);
        await PostgresProcess.GiveToPostgres(disk.Path);
        await using var postgres = await PostgresProcess.Make();
        await postgres.Do($"CREATE TABLESPACE small LOCATION '{disk.Path}'");
        await postgres.Do("CREATE DATABASE madang TABLESPACE small");
        await using var served = new Served($"--Data:Postgres={postgres.Connection("madang")}");
        await served.Migrate();
        await served.Start();
        await Survives(served, disk, "PostgreSQL");
        await using var database = Database.OpenPostgres(postgres.Connection("madang"), TimeProvider.System);
        await database.IsSound();
    }

    [Fact]
    public async Task A_start_without_room_ends_with_one_sentence()
    {
        await using var disk = await SmallDisk.Mount(4);
        await disk.Fill();
        await IsRefused(disk.Path);
        await IsRefused(Path.Combine(disk.Path, "new"));

        // The database is there, and what it needs beside itself has no room.
        disk.MakeRoom();
        await using (var served = new Served($"--Data:Directory={disk.Path}"))
        {
            await served.Start();
            await served.Stop();
        }
        await disk.Fill();
        await IsRefused(disk.Path);
        disk.MakeRoom();
        await using var again = new Served($"--Data:Directory={disk.Path}");
        await again.Start();
    }

    private static async Task Survives(Served served, SmallDisk disk, string name)
    {
        await using var writers = served.Writers(size: 4000);
        await writers.More(100);
        await disk.Fill();
        await writers.Somebody(Refusals);
        Assert.Equal(HttpStatusCode.OK, await served.Get("/api/v1/memos?page_size=500"));
        Assert.Equal(HttpStatusCode.OK, await served.Get("/api/v1/memos?scope=team&q=메모"));
        Assert.True(await served.IsReady());
        await writers.Somebody(Refusals);

        disk.MakeRoom();
        var watch = Stopwatch.StartNew();
        await writers.More(50);
        var recovery = watch.Elapsed;
        await writers.End();
        writers.EverybodyWasAnswered(Refusals);
        Assert.Superset(writers.Acknowledged.Keys.ToHashSet(), await served.Listed());
        Form.Within(TimeSpan.FromSeconds(5), recovery, "Writing again");
        var statuses = writers
            .Outcomes.Where(one => one.Status != HttpStatusCode.Created)
            .CountBy(one => (int)one.Status!);
        Form.Tell(
            $"{name} on a full disk: {writers.Acknowledged.Count} memos acknowledged, none lost; refused with "
                + $"{string.Join(", ", statuses.Select(one => $"{one.Value} × {one.Key}"))}; "
                + $"writing again {recovery.TotalSeconds:0.0} s after there was room."
        );
    }

    private static async Task IsRefused(string folder)
    {
        await using var program = MadangProcess.Start(
            "serve",
            "--urls",
            "http://127.0.0.1:0",
            $"--Data:Directory={folder}"
        );
        var (code, errors) = await program.Ended();
        Assert.True(code == 1, $"{code}: {errors}");
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
