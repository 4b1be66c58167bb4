using System.Net.Http.Headers;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

/// <summary>A yard where a member has room for few pictures.</summary>
public sealed class PictureYardOnSqlite : SqliteYard
{
    internal const long Quota = 64 * 1024;

    protected override string[] Settings => [.. base.Settings, $"--Memos:PictureQuota={Quota}"];
}

/// <inheritdoc cref="PictureYardOnSqlite" />
public sealed class PictureYardOnPostgres(PostgresServer postgres) : PostgresYard(postgres)
{
    protected override string[] Settings => [.. base.Settings, $"--Memos:PictureQuota={PictureYardOnSqlite.Quota}"];
}

/// <summary>The same yard for all classes about pictures, one test at a time.</summary>
[CollectionDefinition(nameof(SharedPictureYardOnSqlite))]
public sealed class SharedPictureYardOnSqlite : ICollectionFixture<PictureYardOnSqlite>;

/// <inheritdoc cref="SharedPictureYardOnSqlite" />
[CollectionDefinition(nameof(SharedPictureYardOnPostgres))]
public sealed class SharedPictureYardOnPostgres : ICollectionFixture<PictureYardOnPostgres>;

/// <summary>The calls that the tests of pictures make again and again.</summary>
internal static class PictureCalls
{
    internal const string Path = "/api/v1/memos/pictures";

    internal static Task<HttpResponseMessage> Bring(
        this Person person,
        byte[] picture,
        string type = "image/png",
        params (string, string)[] headers
    )
    {
        var body = new ByteArrayContent(picture);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return person.Client.Send(HttpMethod.Post, Path, body, headers);
    }

    /// <returns>The URL of a picture that is kept.</returns>
    internal static async Task<string> Keep(this Person person, byte[] picture)
    {
        using var answer = await person.Bring(picture);
        return (await answer.Json(System.Net.HttpStatusCode.Created)).Text("url");
    }

    internal static async Task<System.Net.HttpStatusCode> See(this Person person, string url)
    {
        using var answer = await person.Client.Send(HttpMethod.Get, url);
        return answer.StatusCode;
    }

    /// <returns>All files under uploads, by their paths in it.</returns>
    internal static List<string> Uploads(this Yard yard)
    {
        var folder = System.IO.Path.Combine(yard.Folder, "uploads");
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Select(file => System.IO.Path.GetRelativePath(folder, file)),
            ]
            : [];
    }

    /// <returns>The kept files of a picture: one, or none.</returns>
    internal static List<string> FilesOf(this Yard yard, string url)
    {
        var name = System.IO.Path.GetFileName(url).Split('-')[0];
        return yard.Uploads().FindAll(file => file.Contains(name, StringComparison.Ordinal));
    }
}
