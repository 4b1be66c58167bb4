using System.Net.Http.Headers;
using Madang.Tests.Yards;

namespace Madang.Tests.Library;

/// <summary>The calls that the tests of covers make again and again.</summary>
internal static class CoverCalls
{
    internal static string Path(long book) => $"/api/v1/books/{book}/cover";

    internal static Task<HttpResponseMessage> BringCover(
        this Person person,
        long book,
        byte[] picture,
        string type = "image/png",
        params (string, string)[] headers
    )
    {
        var body = new ByteArrayContent(picture);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return person.Client.Send(HttpMethod.Put, Path(book), body, headers);
    }
}
