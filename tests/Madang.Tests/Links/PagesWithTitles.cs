using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Madang.Links.Titles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Links;

/// <summary>A web server with good pages and bad ones, on a free port of this machine.</summary>
internal sealed class PagesWithTitles : IAsyncDisposable
{
    private readonly TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? web;

    /// <summary>The paths that were asked for.</summary>
    internal ConcurrentQueue<string> Asked { get; } = new();

    internal int Port => new Uri(web!.Urls.First()).Port;

    internal async ValueTask Start(CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        web = builder.Build();
        web.Urls.Add("http://127.0.0.1:0");
        web.Run(Answer);
        await web.StartAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        slow.TrySetResult();
        await web!.StopAsync(CancellationToken.None);
        await web.DisposeAsync();
    }

    private async Task Answer(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        Asked.Enqueue(path);
        Assert.Equal(0, http.Request.Headers.Cookie.Count);
        Assert.Equal(0, http.Request.Headers.Authorization.Count);
        var korean = CodePagesEncodingProvider.Instance.GetEncoding(949)!;
        switch (path)
        {
            case "/plain":
                await Html(
                    http,
                    "text/html; charset=utf-8",
                    "<html><head><title lang=ko>\n 가을\u202E 답사 &amp;&#32;지도 </title>"u8.ToArray()
                );
                break;
            case "/og":
                await Html(
                    http,
                    "text/html",
                    "<meta content='og 제목' property=\"og:title\"><title> </title>"u8.ToArray()
                );
                break;
            case "/header-euc-kr":
                await Html(http, "text/html; charset=EUC-KR", korean.GetBytes("<title>한글 똠방각하</title>"));
                break;
            case "/meta-cp949":
                await Html(
                    http,
                    "text/html",
                    korean.GetBytes(
                        "<meta http-equiv=Content-Type content='text/html; charset=ks_c_5601-1987'><title>한글 똠방각하</title>"
                    )
                );
                break;
            case "/gzip":
                http.Response.Headers.ContentEncoding = "gzip";
                await Html(http, "text/html", Zipped("<title>압축된 제목</title>"u8.ToArray(), 1));
                break;
            case "/bomb":
                http.Response.Headers.ContentEncoding = "gzip";
                await Html(
                    http,
                    "text/html",
                    Zipped(
                        new byte[64 * 1024],
                        1_024,
                        "<title>끝</title>"u8.ToArray(),
                        after: TitleFetcher.MostBytes / (64 * 1024)
                    )
                );
                break;
            case "/bomb-after-title":
                http.Response.Headers.ContentEncoding = "gzip";
                await Html(http, "text/html", Zipped([.. "<title>앞</title>"u8, .. new byte[64 * 1024]], 1_024));
                break;
            case "/hidden":
                await Html(
                    http,
                    "text/html",
                    "<!-- <title>주석</title> --><script>'<title>글</title>'</script><svg><title>그림</title></svg><title>진짜</title>"u8.ToArray()
                );
                break;
            case "/json":
                await Html(http, "application/json", "<title>아님</title>"u8.ToArray());
                break;
            case "/missing":
                http.Response.StatusCode = 404;
                await Html(http, "text/html", "<title>404</title>"u8.ToArray());
                break;
            case "/to-inside":
                http.Response.Redirect($"http://inside.example:{Port}/plain");
                break;
            case "/to-other-port":
                http.Response.Redirect($"http://public.example:{Port + 1}/plain");
                break;
            case "/to-nowhere":
                http.Response.StatusCode = 302;
                http.Response.Headers.Location = "//[nowhere";
                break;
            case "/odd-charset":
                await Html(http, "Text/HTML; charset=unicode-1-1-utf-7", "<title>이상한 이름</title>"u8.ToArray());
                break;
            case "/to-file":
                http.Response.Redirect("file:///etc/passwd");
                break;
            case "/drip":
                http.Response.ContentType = "text/html";
                await http.Response.Body.WriteAsync("<ti"u8.ToArray(), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await slow.Task;
                break;
            default:
                if (path.StartsWith("/redirect/", StringComparison.Ordinal))
                {
                    var left = int.Parse(path[10..], System.Globalization.CultureInfo.InvariantCulture);
                    http.Response.Redirect(left == 1 ? "/plain" : $"/redirect/{left - 1}");
                    break;
                }
                await Html(http, "text/html", []);
                break;
        }
    }

    private static async Task Html(HttpContext http, string type, byte[] body)
    {
        http.Response.ContentType = type;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static byte[] Zipped(byte[] part, int times, byte[]? other = null, int after = 0)
    {
        var body = new MemoryStream();
        using (var zip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var time = 0; time < times; time++)
            {
                zip.Write(time == after && other is not null ? other : part);
            }
        }
        return body.ToArray();
    }
}
