using System.IO.Compression;
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
    public static async Task<Results<FileStreamHttpResult, Refused>> Export(
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
        // Made whole before it is sent: the framework's archive closes its entries synchronously, which the server's stream forbids,
        // and a room that fails is told as a failure and not as half a file.
        var body = new MemoryStream();
        await using (var zip = new ZipArchive(body, ZipArchiveMode.Create, leaveOpen: true))
        {
            await Add(zip, new("account.json", json.Bytes(UserView.Of(user))), stop);
            foreach (var room in rooms)
            {
                foreach (var file in await room.Export(me.Id, stop))
                {
                    await Add(zip, file, stop);
                }
            }
        }
        body.Position = 0;
        return TypedResults.File(body, "application/zip", "madang.zip");
    }

    private static async Task Add(ZipArchive zip, ExportFile file, CancellationToken stop)
    {
        await using var entry = await zip.CreateEntry(file.Name).OpenAsync(stop);
        await entry.WriteAsync(file.Content, stop);
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
/// <param name="Content">Its bytes.</param>
public sealed record ExportFile(string Name, ReadOnlyMemory<byte> Content);
