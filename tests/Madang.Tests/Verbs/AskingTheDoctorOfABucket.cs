using Madang.Foundation.Checkups;
using Madang.Tests.Yards;
using Microsoft.Extensions.Configuration;

namespace Madang.Tests.Verbs;

/// <summary>What <c>doctor</c> says of a bucket: one sentence for each thing that is wrong, and nothing is left behind.</summary>
public sealed class AskingTheDoctorOfABucket : IAsyncLifetime
{
    private const string Key = "AKIDTESTS";
    private const string Secret = "a-secret-of-the-tests";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private BucketServer bucket = null!;

    public async ValueTask InitializeAsync() => bucket = await BucketServer.Start();

    public ValueTask DisposeAsync() => bucket.DisposeAsync();

    [Fact]
    public async Task A_bucket_in_order_gets_a_probe_and_gives_it_back()
    {
        Assert.EndsWith("keeps, gives and removes", await Line(Verdict.Ok, bucket.Settings), StringComparison.Ordinal);
        Assert.Empty(bucket.Objects);
        // Put, read, removed, missed.
        Assert.Equal(4, bucket.Asked);
    }

    [Fact]
    public async Task A_wrong_bucket_key_or_secret_is_told_apart()
    {
        Assert.Contains(
            "there is no bucket elsewhere",
            await Line(Verdict.Problem, bucket.SettingsOf("elsewhere", Key, Secret)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "knows no such key: see Files:S3:AccessKey",
            await Line(Verdict.Problem, bucket.SettingsOf(BucketServer.Bucket, "AKIDOTHER", Secret)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "see Files:S3:SecretKey",
            await Line(Verdict.Problem, bucket.SettingsOf(BucketServer.Bucket, Key, "another")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_the_key_may_not_do_is_named()
    {
        foreach (
            var (method, right) in new[] { ("PUT", "PutObject"), ("GET", "GetObject"), ("DELETE", "DeleteObject") }
        )
        {
            bucket.Forbidden = method;
            Assert.EndsWith(
                method == "DELETE" ? "is left there" : $"allow it s3:{right}",
                await Line(Verdict.Problem, bucket.Settings),
                StringComparison.Ordinal
            );
            Assert.Equal(method == "DELETE" ? 1 : 0, bucket.Objects.Count);
        }
        (bucket.Forbidden, bucket.MayList) = ("", false);
        Assert.Contains(
            "allow it s3:ListBucket",
            await Line(Verdict.Warning, bucket.Settings),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_clock_that_is_off_and_a_store_that_is_away_are_told()
    {
        bucket.ClockIsAhead = TimeSpan.FromMinutes(9);
        Assert.Contains(
            "this machine's clock is 9 minutes behind",
            await Line(Verdict.Warning, bucket.Settings),
            StringComparison.Ordinal
        );
        bucket.ClockIsAhead = TimeSpan.FromHours(3);
        Assert.Contains(
            "off by more than 15 minutes: set both by NTP",
            await Line(Verdict.Problem, bucket.Settings),
            StringComparison.Ordinal
        );
        (bucket.ClockIsAhead, bucket.IsAway) = (TimeSpan.Zero, true);
        Assert.Contains("answers 503 SlowDown", await Line(Verdict.Problem, bucket.Settings), StringComparison.Ordinal);
        bucket.IsFrozen = true;
        Assert.Contains(
            "did not answer within 3 s",
            await Line(Verdict.Problem, bucket.Settings),
            StringComparison.Ordinal
        );
        string[] nowhere = [.. bucket.Settings, $"--Files:S3:Endpoint=http://127.0.0.1:{Ports.Free()}"];
        Assert.Contains("cannot be reached", await Line(Verdict.Problem, nowhere), StringComparison.Ordinal);
    }

    /// <returns>The one finding, which has this verdict.</returns>
    private static async Task<string> Line(Verdict verdict, string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(settings).Build();
        var finding = Assert.Single(await Doctor.Examine(new FilesCheckup(configuration, TimeProvider.System), Stop));
        Assert.True(verdict == finding.Verdict, finding.Text);
        return finding.Text;
    }
}
