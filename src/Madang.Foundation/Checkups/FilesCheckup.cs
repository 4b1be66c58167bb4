using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Madang.Foundation.Files;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Checkups;

/// <summary>Whether files can be kept where they are to be: in a bucket an object is put, read and removed again.</summary>
internal sealed class FilesCheckup(IConfiguration configuration, TimeProvider clock) : ICheckup
{
    /// <summary>For each call.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>A quarter of an hour is refused; long before that somebody should look.</summary>
    private static readonly TimeSpan SomewhatOff = TimeSpan.FromMinutes(1);

    public string Name => "files";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        if (S3Settings.Of(configuration) is not { } settings)
        {
            return Finding.Ok("kept in the data directory");
        }
        using var client = S3Files.Connect(settings, Patience, retries: 0);
        TimeSpan? ahead = null;
        client.AfterResponseEvent += (_, answer) => ahead ??= AheadBy(answer as WebServiceResponseEventArgs);
        var probe = new Probe(client, settings, $"{settings.Prefix}doctor/{FileStore.NewName()}", stop);
        if (await probe.Put() is { } unkept)
        {
            // A store may have taken it, and said so too late.
            await probe.Delete();
            return Finding.Problem(unkept);
        }
        var findings = new List<Finding>();
        void Note(string? fault, Verdict verdict)
        {
            if (fault is not null)
            {
                findings.Add(new(verdict, fault));
            }
        }
        Note(await probe.Read(), Verdict.Problem);
        var left = await probe.Delete();
        Note(left, Verdict.Problem);
        if (findings.Count == 0)
        {
            Note(await probe.Miss(), Verdict.Warning);
        }
        Note(ClockFault(ahead), Verdict.Warning);
        return findings.Count > 0 ? findings : Finding.Ok($"{settings.Place} keeps, gives and removes");
    }

    /// <summary>The client signs by the store's clock once it has had an answer, so that a wrong one is not refused; it is wrong all the same.</summary>
    private static string? ClockFault(TimeSpan? ahead) =>
        ahead is { } off && off.Duration() >= SomewhatOff
            ? $"this machine's clock is {off.Duration().TotalMinutes:0} minutes {(off > TimeSpan.Zero ? "ahead of" : "behind")} the bucket's: set both by NTP"
            : null;

    /// <returns>By how much this machine's clock is ahead of the one that an answer was given by; null where it doesn't say.</returns>
    private TimeSpan? AheadBy(WebServiceResponseEventArgs? answer) =>
        answer is not null
        && answer.ResponseHeaders.TryGetValue("Date", out var date)
        && DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, out var theirs)
            ? clock.GetUtcNow() - theirs
            : null;

    /// <summary>An object that nobody else knows.</summary>
    private sealed class Probe(AmazonS3Client client, S3Settings settings, string key, CancellationToken stop)
    {
        private static readonly byte[] Bytes = "madang doctor"u8.ToArray();

        internal Task<string?> Put() =>
            Try(
                "put",
                async () =>
                {
                    using var body = new MemoryStream(Bytes);
                    await client.PutObjectAsync(
                        new PutObjectRequest
                        {
                            BucketName = settings.Bucket,
                            Key = key,
                            InputStream = body,
                            ContentType = "text/plain",
                            UseChunkEncoding = false,
                        },
                        stop
                    );
                    return null;
                }
            );

        internal Task<string?> Read() =>
            Try(
                "read",
                async () =>
                {
                    using var answer = await client.GetObjectAsync(settings.Bucket, key, stop);
                    using var body = new MemoryStream();
                    await answer.ResponseStream.CopyToAsync(body, stop);
                    return body.ToArray().AsSpan().SequenceEqual(Bytes)
                        ? null
                        : $"{settings.Place} gives back other bytes than it was given";
                }
            );

        internal async Task<string?> Delete()
        {
            var fault = await Try(
                "delete",
                async () =>
                {
                    await client.DeleteObjectAsync(settings.Bucket, key, stop);
                    return null;
                }
            );
            return fault is null ? null : $"{fault}; {key} is left there";
        }

        /// <summary>What there isn't: a key that may not list the bucket is told that it may not read it.</summary>
        internal Task<string?> Miss() =>
            Try(
                "read",
                async () =>
                {
                    try
                    {
                        using var answer = await client.GetObjectAsync(settings.Bucket, key, stop);
                        return $"{settings.Place} still gives an object that it has removed";
                    }
                    catch (AmazonS3Exception error) when (S3Files.IsMissing(error))
                    {
                        return null;
                    }
                    catch (AmazonS3Exception error) when (error.ErrorCode == "AccessDenied")
                    {
                        return $"the key may not list {settings.Bucket}, so a missing object looks like a forbidden one: allow it s3:ListBucket";
                    }
                }
            );

        private async Task<string?> Try(string act, Func<Task<string?>> call)
        {
            try
            {
                return await call();
            }
            catch (Exception error) when (S3Files.IsFailure(error, stop))
            {
                return S3Fault.Of(error, act, settings, Patience);
            }
        }
    }
}
