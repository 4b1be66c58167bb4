namespace Madang.BrowserTests;

public static partial class PageRules
{
    public sealed partial class Filled
    {
        /// <summary>One that is only tried, and one that is done, each with something of every kind.</summary>
        private async Task FillImports(Visit visit)
        {
            var request = visit.Page.Context.APIRequest;
            var lines = Enumerable
                .Range(1, 70)
                .Select(number => $"no-address-but-a-word-without-any-space-in-it-{number}");
            var file =
                $"url,slug\nhttps://example.com/a/rather/long/address/without/any/space,imported\nhttps://example.com/,autumn\n{string.Join(",\n", lines)},\n";
            foreach (var query in new[] { "dry_run=true", "dry_run=false" })
            {
                var made = await request.PostAsync(
                    $"/api/v1/links/imports?from=csv&{query}",
                    new()
                    {
                        DataByte = System.Text.Encoding.UTF8.GetBytes(file),
                        Headers = new Dictionary<string, string>
                        {
                            ["Origin"] = Url,
                            ["Content-Type"] = "application/octet-stream",
                        },
                    }
                );
                Assert.Equal(201, made.Status);
                var id = (await made.JsonAsync())!.Value.GetProperty("id").GetInt64();
                for (var state = ""; state != "done"; await Task.Delay(20, TestContext.Current.CancellationToken))
                {
                    var answer = await request.GetAsync($"/api/v1/links/imports/{id}");
                    state = (await answer.JsonAsync())!.Value.GetProperty("state").GetString()!;
                    Assert.NotEqual("failed", state);
                }
            }
        }
    }
}
