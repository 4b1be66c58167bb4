using System.Net;
using System.Net.Sockets;
using Amazon.S3;

namespace Madang.Foundation.Files;

/// <summary>What is wrong with a bucket, in a sentence with what to do about it. The codes are those of the Amazon S3 API Reference, "Error Responses".</summary>
internal static class S3Fault
{
    /// <param name="error">What came of a call.</param>
    /// <param name="act">What the call was to do with an object: <c>put</c>, <c>read</c> or <c>delete</c>.</param>
    /// <param name="settings">Where.</param>
    /// <param name="patience">How long it was waited for.</param>
    internal static string Of(Exception error, string act, S3Settings settings, TimeSpan patience) =>
        error switch
        {
            AmazonS3Exception refusal => Of(refusal, act, settings),
            OperationCanceledException or TimeoutException =>
                $"{settings.Place} did not answer within {patience.TotalSeconds:0} s: see Files:S3:Endpoint",
            _ when Inner<SocketException>(error) is { } socket =>
                $"{settings.Place} cannot be reached ({socket.Message}): see Files:S3:Endpoint",
            _ when Inner<HttpRequestException>(error) is { } http =>
                $"{settings.Place} cannot be reached ({http.Message}): see Files:S3:Endpoint",
            _ when settings.AccessKey is null =>
                $"no key is found for {settings.Place} ({error.Message.Split('.')[0]}): set Files:S3:AccessKey and Files:S3:SecretKey, or give the machine a role",
            _ => $"{settings.Place}: {error.Message}",
        };

    private static string Of(AmazonS3Exception refusal, string act, S3Settings settings) =>
        refusal.ErrorCode switch
        {
            "NoSuchBucket" => $"there is no bucket {settings.Bucket} at {settings.Place}: see Files:S3:Bucket",
            "InvalidAccessKeyId" => $"{settings.Place} knows no such key: see Files:S3:AccessKey",
            "SignatureDoesNotMatch" => $"the secret does not belong to the key: see Files:S3:SecretKey",
            "ExpiredToken" or "InvalidToken" => $"{settings.Place} takes the machine's credentials no more: renew them",
            "RequestTimeTooSkewed" =>
                $"the clock of this machine, or that of {settings.Place}, is off by more than 15 minutes: set both by NTP",
            "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
                $"the bucket {settings.Bucket} is in another region: see Files:S3:Region",
            "AccessDenied" or "AllAccessDisabled" =>
                $"the key may not {act} objects of {settings.Bucket}: allow it s3:{Action(act)}",
            _ when refusal.StatusCode == HttpStatusCode.Forbidden =>
                $"{settings.Place} refuses to {act} an object ({refusal.ErrorCode}): see the key's rights",
            _ =>
                $"{settings.Place} answers {(int)refusal.StatusCode} {refusal.ErrorCode} when asked to {act} an object",
        };

    private static string Action(string act) =>
        act switch
        {
            "put" => "PutObject",
            "read" => "GetObject",
            _ => "DeleteObject",
        };

    private static T? Inner<T>(Exception? error)
        where T : Exception => error is null or T ? error as T : Inner<T>(error.InnerException);
}
