using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Accounts;
using Madang.Tests.Yards;

namespace Madang.Tests.Verbs;

public sealed class BackupUnderLoadOfSqlite(PostgresServer postgres) : BackupUnderLoad(postgres)
{
    protected override Task<string[]> Source(string folder) =>
        Task.FromResult<string[]>([$"--Data:Directory={folder}"]);
}

public sealed class BackupUnderLoadOfPostgres(PostgresServer postgres) : BackupUnderLoad(postgres)
{
    protected override Task<string[]> Source(string folder) => OnPostgres(folder);
}

/// <summary>
/// A backup made while 32 writers write, restored into either database: everything acknowledged before it began is there, nothing
/// is half there, and who was signed in still is. Server, backup and restore are processes of their own.
/// </summary>
public abstract class BackupUnderLoad(PostgresServer postgres)
{
    private const int Writers = 32;
    private const string Email = "writer@example.com";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract Task<string[]> Source(string folder);

    protected async Task<string[]> OnPostgres(string folder)
    {
        string[] settings = [$"--Data:Postgres={await postgres.NewDatabase()}", $"--Data:Directory={folder}"];
        (await Ran.Verb(["migrate", .. settings])).Well();
        return settings;
    }

    [Fact]
    public async Task Restores_whole_into_either_database()
    {
        using var folder = new TemporaryFolder();
        var backup = folder.File("backup.zip");
        var picture = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(50_000));
        Person person;
        HashSet<long> before;
        ConcurrentDictionary<long, string> all = new();
        string cookie;
        var source = await Source(folder.File("source"));
        await using (var server = Serve(source))
        {
            var url = await server.Url;
            person = await SignUp(url);
            cookie = await Cookie(url, person);
            await PutUpload(folder.File("source"), picture);
            using var enough = new CancellationTokenSource();
            var writers = Enumerable.Range(0, Writers).Select(i => Write(url, person, i, all, enough.Token)).ToList();
            await Probe.Until(() => all.Count > 3 * Writers);
            before = [.. all.Keys];
            (await Ran.Verb(["backup", backup, .. source])).Well();
            Assert.True(all.Count > before.Count, "Nobody wrote during the backup.");
            await enough.CancelAsync();
            await Task.WhenAll(writers);
            await server.Signal("TERM");
            await server.Ended();
        }

        await IsWholeIn([$"--Data:Directory={folder.File("sqlite")}"], folder.File("sqlite"));
        await IsWholeIn(await OnPostgres(folder.File("postgres")), folder.File("postgres"));

        async Task IsWholeIn(string[] target, string directory)
        {
            (await Ran.Verb(["restore", backup, .. target])).Well();
            await using var server = Serve(target);
            var url = await server.Url;
            using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(url) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", person.AccessToken);
            var texts = await Memos(client, "mine");
            Assert.Empty(before.Except(texts.Keys));
            Assert.All(texts, memo => Assert.Equal(all[memo.Key], memo.Value));
            // The index is made anew, and holds all of them.
            var found = await Memos(client, "team&q=가을");
            Assert.Equal(texts.Keys.Order(), found.Keys.Order());
            Assert.Equal(picture, await File.ReadAllTextAsync(UploadIn(directory), Stop));
            await IsSignedIn(client, person, cookie);
            var next = await client.PostAsJsonAsync("/api/v1/memos", new { text = "다음" }, Stop);
            Assert.True((await next.Json(HttpStatusCode.Created)).Number("id") > texts.Keys.Max());
            await server.Signal("TERM");
            await server.Ended();
        }
    }

    private static MadangProcess Serve(string[] settings) =>
        MadangProcess.Start([
            "serve",
            "--urls",
            "http://127.0.0.1:0",
            "--SignIn:AllowSignUp=true",
            "--RateLimits:Enabled=false",
            .. settings,
        ]);

    private static async Task<Person> SignUp(string url)
    {
        using var client = new HttpClient { BaseAddress = new(url) };
        var input = new
        {
            email = Email,
            username = "글쓴이",
            password = Yard.Password,
        };
        var made = await (await client.PostAsJsonAsync("/api/v1/users", input, Stop)).Json(HttpStatusCode.Created);
        var pair = await (await client.PostAsJsonAsync("/api/v1/auth/login", input, Stop)).Json(HttpStatusCode.OK);
        return new(made.Number("id"), Email, pair.Text("access_token"), pair.Text("refresh_token"), client);
    }

    /// <summary>Signs in as a browser does.</summary>
    private static async Task<string> Cookie(string url, Person person)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        client.BaseAddress = new(url);
        var browser = new Browser(client);
        await browser.SignIn(person);
        return browser.Cookies["madang"];
    }

    private static string UploadIn(string directory) => Path.Combine(directory, "uploads", "memos", "ab", "abcdefgh");

    private static async Task PutUpload(string directory, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(UploadIn(directory))!);
        await File.WriteAllTextAsync(UploadIn(directory), content, Stop);
        Directory.CreateDirectory(Path.Combine(directory, "uploads", "new"));
        await File.WriteAllTextAsync(Path.Combine(directory, "uploads", "new", "half.part"), "half", Stop);
    }

    private static async Task Write(
        string url,
        Person person,
        int writer,
        ConcurrentDictionary<long, string> all,
        CancellationToken enough
    )
    {
        using var client = new HttpClient { BaseAddress = new(url) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", person.AccessToken);
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var text = $"가을 답사 {writer}-{i} #여행";
            var answer = await client.PostAsJsonAsync("/api/v1/memos", new { text, visibility = "team" }, Stop);
            all[(await answer.Json(HttpStatusCode.Created)).Number("id")] = text;
        }
    }

    private static async Task<Dictionary<long, string>> Memos(HttpClient client, string scope)
    {
        var memos = new Dictionary<long, string>();
        for (var next = $"/api/v1/memos?page_size=500&scope={scope}"; next is not null; )
        {
            var page = await (await client.GetAsync(next, Stop)).Json(HttpStatusCode.OK);
            foreach (var memo in page.GetProperty("results").EnumerateArray())
            {
                memos.Add(memo.Number("id"), memo.Text("text"));
            }
            next = page.GetProperty("next").GetString();
        }
        return memos;
    }

    /// <summary>By the token, by the password, by the refresh token and by the cookie that he had before.</summary>
    private static async Task IsSignedIn(HttpClient client, Person person, string cookie)
    {
        await client.Send(HttpMethod.Get, "/api/v1/users/me").Is(HttpStatusCode.OK);
        await client
            .Send(HttpMethod.Post, "/api/v1/auth/login", new { email = Email, password = Yard.Password })
            .Is(HttpStatusCode.OK);
        await client
            .Send(HttpMethod.Post, "/api/v1/token/refresh", new { refresh_token = person.RefreshToken })
            .Is(HttpStatusCode.OK);
        using var bare = new HttpClient(new SocketsHttpHandler { UseCookies = false })
        {
            BaseAddress = client.BaseAddress,
        };
        Assert.True(await new Browser(bare) { Cookies = { ["madang"] = cookie } }.IsSignedIn());
    }
}
