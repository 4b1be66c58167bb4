using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Madang.Foundation.Files;

/// <summary>Files in a bucket of S3, or of a store that speaks as it does: each an object <c>{prefix}{room}/{name}</c>.</summary>
internal sealed class S3Files(S3Settings settings) : IDisposable
{
    /// <summary>For one attempt; a file is a few megabytes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly AmazonS3Client client = Connect(settings);

    internal Task Put(string room, string name, Stream file, string mediaType, CancellationToken stop) =>
        Ask(
            async () =>
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
                await client.PutObjectAsync(request, stop);
                return true;
            },
            stop
        );

    /// <returns>Null when there is no such object.</returns>
    internal Task<Stream?> Get(string room, string name, CancellationToken stop) =>
        Ask<Stream?>(
            async () =>
            {
                try
                {
                    return (await client.GetObjectAsync(settings.Bucket, KeyOf(room, name), stop)).ResponseStream;
                }
                catch (AmazonS3Exception error)
                    when (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode != "NoSuchBucket")
                {
                    return null;
                }
            },
            stop
        );

    internal Task Remove(string room, string name, CancellationToken stop) =>
        Ask(() => client.DeleteObjectAsync(settings.Bucket, KeyOf(room, name), stop), stop);

    public void Dispose() => client.Dispose();

    private string KeyOf(string room, string name) => $"{settings.Prefix}{room}/{name}";

    private static async Task<T> Ask<T>(Func<Task<T>> call, CancellationToken stop)
    {
        try
        {
            return await call();
        }
        catch (Exception error)
            when (error
                    is AmazonServiceException
                        or AmazonClientException
                        or HttpRequestException
                        or IOException
                        or WebException
                || (error is OperationCanceledException && !stop.IsCancellationRequested)
            )
        {
            throw new FilesUnavailableException("The bucket did not do what it was asked.", error);
        }
    }

    private static AmazonS3Client Connect(S3Settings settings)
    {
        var config = new AmazonS3Config
        {
            Timeout = Patience,
            MaxErrorRetry = 1,
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
}
