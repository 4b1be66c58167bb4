using System.Text;

namespace Madang.BrowserTests;

/// <summary>Imports of links and of books, each looked at and then done, with lines that are refused.</summary>
internal static class FilledImports
{
    internal static async Task Fill(Visit visit, string url)
    {
        var lines = Enumerable.Range(1, 70).Select(number => $"no-address-but-a-word-without-any-space-in-it-{number}");
        await Import(
            visit,
            url,
            "/api/v1/links/imports?from=csv&",
            $"url,slug\nhttps://example.com/a/rather/long/address/without/any/space,imported\nhttps://example.com/,autumn\n{string.Join(",\n", lines)},\n"
        );
        await Import(
            visit,
            url,
            "/api/v1/books/imports?file_name=목록.csv&",
            "제목,저자,ISBN\n가을 산책,김하늘,9791190090018\nATitleWithoutAnySpaceThatIsLongerThanAnyNarrowScreenIsWideAndGoesOn,김하늘,9791190090019\n"
        );
    }

    private static async Task Import(Visit visit, string url, string path, string file)
    {
        var request = visit.Page.Context.APIRequest;
        foreach (var query in new[] { "dry_run=true", "dry_run=false" })
        {
            var made = await request.PostAsync(
                path + query,
                new()
                {
                    DataByte = Encoding.UTF8.GetBytes(file),
                    Headers = new Dictionary<string, string>
                    {
                        ["Origin"] = url,
                        ["Content-Type"] = "application/octet-stream",
                    },
                }
            );
            Assert.Equal(201, made.Status);
            var id = (await made.JsonAsync())!.Value.GetProperty("id").GetInt64();
            for (var state = ""; state != "done"; await Task.Delay(20, TestContext.Current.CancellationToken))
            {
                var answer = await request.GetAsync($"{path.Split('?')[0]}/{id}");
                state = (await answer.JsonAsync())!.Value.GetProperty("state").GetString()!;
                Assert.NotEqual("failed", state);
            }
        }
    }
}
