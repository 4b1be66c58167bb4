using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace Madang.Foundation.Files;

/// <summary>
/// Files in a bucket of S3, or of a store that speaks as it does: each an object <c>{prefix}{room}/{name}</c>. People wait for what is read,
/// so a bucket that is away is told within seconds, and to all who ask a moment later at once.
/// </summary>
internal sealed partial class S3Files(S3Settings settings, TimeProvider clock, ILogger<S3Files> log) : IDisposable
{
    /// <summary>For one attempt of what changes something; a file is a few megabytes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Until an object begins to come, and for each piece of it.</summary>
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long nothing is read after a failure.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RefusalsApart = TimeSpan.FromMinutes(1);

    private readonly AmazonS3Client client = Connect(settings, Patience, retries: 1);

    /// <summary>The library heeds a token between attempts alone: what is not to take long has a client of its own.</summary>
    private readonly AmazonS3Client reader = Connect(settings, ReadPatience, retries: 0);
    private readonly CircuitBreaker reading = new(clock, Pause);
    private readonly CircuitBreaker refusals = new(clock, RefusalsApart);

    internal async Task Put(string room, string name, Stream file, string mediaType, CancellationToken stop)
    {
        var request = new PutObjectRequest
        {
            BucketName = settings.Bucket,
            Key = KeyOf(room, name),
            InputStream = file,
            ContentType = mediaType,
            AutoCloseStream = false,
            // Many stores that speak as S3 does know bodies in signed pieces only in part.
            UseChunkEncoding = false,
        };
        try
        {
            await client.PutObjectAsync(request, stop);
        }
        catch (Exception error) when (IsFailure(error, stop))
        {
            throw Undone(error);
        }
    }

    /// <returns>Null when there is no such object, or none that we may read.</returns>
    internal async Task<KeptFile?> Get(string room, string name, CancellationToken stop)
    {
        if (!reading.MayAsk())
        {
            throw new FilesUnavailableException("The bucket did not answer a moment ago.", null);
        }
        try
        {
            var answer = await reader.GetObjectAsync(settings.Bucket, KeyOf(room, name), stop);
            Answered();
            return new(new TimedStream(answer.ResponseStream, ReadPatience, Away), answer.ContentLength);
        }
        catch (AmazonS3Exception error) when (IsMissing(error))
        {
            Answered();
            return null;
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "AccessDenied")
        {
            // The answer for what is missing, too, to a key that may not list the bucket.
            Answered();
            if (refusals.MayAsk())
            {
                refusals.Failed();
                Refused(log, KeyOf(room, name));
            }
            return null;
        }
        catch (Exception error) when (IsFailure(error, stop))
        {
            throw Away(error);
        }
    }

    internal async Task Remove(string room, string name, CancellationToken stop)
    {
        try
        {
            await client.DeleteObjectAsync(settings.Bucket, KeyOf(room, name), stop);
        }
        catch (Exception error) when (IsFailure(error, stop))
        {
            throw Undone(error);
        }
    }

    public void Dispose()
    {
        client.Dispose();
        reader.Dispose();
    }

    /// <returns>Whether a bucket that is there has no such object.</returns>
    internal static bool IsMissing(AmazonS3Exception error) =>
        error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket";

    /// <returns>Whether the store, or the way to it, is at fault, and not whoever asks.</returns>
    internal static bool IsFailure(Exception error, CancellationToken stop) =>
        error
            is AmazonServiceException
                or AmazonClientException
                or HttpRequestException
                or IOException
                or WebException
                or TimeoutException
        || (error is OperationCanceledException && !stop.IsCancellationRequested);

    internal static AmazonS3Client Connect(S3Settings settings, TimeSpan patience, int retries)
    {
        var config = new AmazonS3Config
        {
            Timeout = patience,
            MaxErrorRetry = retries,
            // Checksums beyond what a call must have are newer than many such stores.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        }
        else
        {
            (config.ServiceURL, config.AuthenticationRegion, config.ForcePathStyle) = (
                settings.Endpoint,
                settings.Region,
                true
            );
        }
        return settings.AccessKey is null
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), config);
    }

    private string KeyOf(string room, string name) => $"{settings.Prefix}{room}/{name}";

    private void Answered()
    {
        if (reading.Answered())
        {
            IsBack(log);
        }
    }

    private FilesUnavailableException Away(Exception error)
    {
        if (reading.Failed())
        {
            IsAway(log, error);
        }
        return Unavailable(error);
    }

    private FilesUnavailableException Undone(Exception error)
    {
        IsUnwilling(log, error);
        return Unavailable(error);
    }

    private static FilesUnavailableException Unavailable(Exception error) =>
        new("The bucket did not do what it was asked.", error);

    [LoggerMessage(1104, LogLevel.Error, "The bucket that files are kept in took no file, or removed none.")]
    private static partial void IsUnwilling(ILogger log, Exception error);

    [LoggerMessage(1105, LogLevel.Error, "The bucket that files are kept in can't be read.")]
    private static partial void IsAway(ILogger log, Exception error);

    [LoggerMessage(1106, LogLevel.Information, "The bucket that files are kept in can be read again.")]
    private static partial void IsBack(ILogger log);

    [LoggerMessage(
        1107,
        LogLevel.Warning,
        "The bucket refuses to let {Object} be read, or has no such object: without s3:ListBucket it doesn't tell which."
    )]
    private static partial void Refused(ILogger log, string @object);
}
