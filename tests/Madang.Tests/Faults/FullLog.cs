using System.Net;
using Madang.Foundation.Data;
using Madang.Tests.Yards;

namespace Madang.Tests.Faults;

/// <summary>The disk on which PostgreSQL keeps everything, its log too, is full.</summary>
public sealed class FullLog
{
    [Fact]
    public async Task PostgreSQL_goes_down_and_all_is_well_when_it_is_started_with_room()
    {
        Assert.SkipWhen(PostgresProcess.Programs is null, PostgresProcess.NotInstalled);
        await using var disk = await SmallDisk.Mount(64);
        await PostgresProcess.GiveToPostgres(disk.Path);
        await using var postgres = await PostgresProcess.MakeIn(disk.Path);
        await postgres.Do("CREATE DATABASE madang");
        await using var served = new Served($"--Data:Postgres={postgres.Connection("madang")}");
        await served.Migrate();
        await served.Start();
        await using var writers = served.Writers(size: 4000);
        await writers.More(20);
        await disk.Fill();
        await postgres.EndsForWantOfLog();
        await writers.Somebody(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await served.Get("/api/v1/memos"));
        Assert.Equal(HttpStatusCode.OK, await served.Lives());
        Assert.False(await served.IsReady());

        disk.MakeRoom();
        await postgres.Start();
        await Probe.Until(served.IsReady, Form.Hang);
        await writers.More(20);
        await writers.End();
        writers.EverybodyWasAnswered(FullDisk.Refusals);
        Assert.Superset(writers.Acknowledged.Keys.ToHashSet(), await served.Listed());
        await using var database = Database.OpenPostgres(postgres.Connection("madang"), TimeProvider.System);
        await database.IsSound();
        Form.Tell(
            $"PostgreSQL without room for its log: {writers.Acknowledged.Count} memos acknowledged, none lost; it went down, and was served again once started with room."
        );
    }
}
