using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Madang.Tests.Accounts;
using Madang.Tests.Files;
using Madang.Tests.Memos;
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

    /// <summary>So many of them bring a picture with each memo.</summary>
    private const int Painters = 4;
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
        ConcurrentDictionary<string, byte[]> pictures = new();
        HashSet<string> picturesBefore;
        string cookie;
        var source = await Source(folder.File("source"));
        await using (var server = Serve(source))
        {
            var url = await server.Url;
            person = await SignUp(url);
            cookie = await Cookie(url, person);
            await PutUpload(folder.File("source"), picture);
            using var enough = new CancellationTokenSource();
            var writers = Enumerable
                .Range(0, Writers)
                .Select(i => Write(url, person, i, all, pictures, enough.Token))
                .ToList();
            await Probe.Until(() =>
                writers.Exists(writer => writer.IsFaulted) || (all.Count > 3 * Writers && pictures.Count >= Painters)
            );
            Assert.All(writers, writer => Assert.Null(writer.Exception));
            (before, picturesBefore) = ([.. all.Keys], [.. pictures.Keys]);
            (await Ran.Verb(["backup", backup, .. source])).Well();
            Assert.True(all.Count > before.Count, "Nobody wrote during the backup.");
            Assert.True(pictures.Count > picturesBefore.Count, "Nobody brought a picture during the backup.");
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
            await HasPictures(client, texts.Values, picturesBefore, pictures);
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
        ConcurrentDictionary<string, byte[]> pictures,
        CancellationToken enough
    )
    {
        using var client = new HttpClient { BaseAddress = new(url) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", person.AccessToken);
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var text = $"가을 답사 {writer}-{i} #여행";
            var picture = writer < Painters ? Made.Png(1 + writer, 1 + i) : null;
            var address = picture is null ? null : await Bring(client, picture);
            text = address is null ? text : $"{text} ![ ]({address})";
            using var answer = await client.PostAsJsonAsync("/api/v1/memos", new { text, visibility = "team" }, Stop);
            all[(await answer.Json(HttpStatusCode.Created)).Number("id")] = text;
            if (address is not null)
            {
                pictures[address] = picture!;
            }
        }
    }

    /// <returns>The address of a picture that is kept.</returns>
    private static async Task<string> Bring(HttpClient client, byte[] picture)
    {
        using var body = new ByteArrayContent(picture);
        body.Headers.ContentType = new("image/png");
        using var answer = await client.PostAsync(PictureCalls.Path, body, Stop);
        return (await answer.Json(HttpStatusCode.Created)).Text("url");
    }

    /// <summary>Those acknowledged before the backup began, and all others that a restored memo shows.</summary>
    private static async Task HasPictures(
        HttpClient client,
        IReadOnlyCollection<string> texts,
        HashSet<string> before,
        ConcurrentDictionary<string, byte[]> pictures
    )
    {
        var shown = texts
            .Where(text => text.Contains("![", StringComparison.Ordinal))
            .Select(text => text[(text.LastIndexOf('(') + 1)..^1])
            .ToList();
        Assert.Empty(before.Except(shown));
        foreach (var address in shown)
        {
            Assert.Equal(pictures[address], await client.GetByteArrayAsync(address, Stop));
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
