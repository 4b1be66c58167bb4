using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Madang.Foundation.Accounts;

/// <summary>Everything of mine as one zip: the account, and what each room that runs has of me.</summary>
public static class ExportEndpoints
{
    internal static void MapExport(this RouteGroupBuilder api) =>
        api.MapGet("/users/me/export", Export).Produces(StatusCodes.Status200OK, contentType: "application/zip");

    /// <summary>Downloads everything of mine as one zip.</summary>
    public static async Task<Results<PushStreamHttpResult, Refused>> Export(
        AccountStore accounts,
        IEnumerable<IExportSource> rooms,
        ContractJson json,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (await accounts.Find(me.Id, stop) is not { } user)
        {
            return new Refused(StatusCodes.Status404NotFound);
        }
        // Asked before the first byte is sent, so that a room that fails here is told as a failure; one that fails later breaks the file.
        var files = new List<ExportFile> { new("account.json", json.Bytes(UserView.Of(user))) };
        foreach (var room in rooms)
        {
            files.AddRange(await room.Export(me.Id, stop));
        }
        return TypedResults.Stream(
            async body =>
            {
                var zip = new StreamedZip(body);
                foreach (var file in files)
                {
                    await zip.Add(file.Name, null, file.Write, stop);
                }
                await zip.Finish(stop);
            },
            "application/zip",
            "madang.zip"
        );
    }
}

/// <summary>What a room gives to the export of a user's data.</summary>
public interface IExportSource
{
    /// <returns>The room's files, all of this user's and nothing of anybody else's.</returns>
    Task<IReadOnlyList<ExportFile>> Export(long userId, CancellationToken stop);
}

/// <summary>A file in the export.</summary>
/// <param name="Name">Its path in the zip.</param>
/// <param name="Write">Writes its bytes, as they are read, to where it is asked to.</param>
public sealed record ExportFile(string Name, Func<Stream, CancellationToken, Task> Write)
{
    /// <param name="name">Its path in the zip.</param>
    /// <param name="content">Its bytes.</param>
    public ExportFile(string name, ReadOnlyMemory<byte> content)
        : this(name, (to, stop) => to.WriteAsync(content, stop).AsTask()) { }
}
