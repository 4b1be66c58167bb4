using Madang.Foundation.Data;
using Madang.Foundation.Files;
using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Memos.Moving;

/// <summary>Begins imports, for the API and for the pages: the file is kept first, then its row is written, then it runs.</summary>
public sealed class Importing
{
    private readonly Database db;
    private readonly ImportStore imports;
    private readonly ImportWorker worker;
    private readonly FileStore files;
    private readonly TimeProvider clock;

    internal Importing(IServiceProvider all)
    {
        db = all.GetRequiredService<Database>();
        imports = all.GetRequiredService<ImportStore>();
        worker = all.GetRequiredService<ImportWorker>();
        files = all.GetRequiredService<FileStore>();
        clock = all.GetRequiredService<TimeProvider>();
    }

    /// <returns>The name of the file that what came is kept in; null when nothing came.</returns>
    internal async Task<string?> Receive(Stream body, CancellationToken stop)
    {
        var name = FileStore.NewName();
        var isKept = false;
        try
        {
            await using var file = files.Begin(ImportWorker.Files, name);
            await body.CopyToAsync(file, stop);
            isKept = file.Length > 0;
            return isKept ? name : null;
        }
        finally
        {
            if (!isKept)
            {
                files.Discard(ImportWorker.Files, name);
            }
        }
    }

    internal async Task<Results<Made<ImportView>, Refused>> Begin(
        ImportQuery query,
        string file,
        Once once,
        long owner,
        CancellationToken stop
    )
    {
        long? begun = null;
        try
        {
            return await once.TryCreate(
                async sql =>
                {
                    var (row, refused) = await Add(sql, query, file, owner);
                    begun = row?.Id;
                    return (row is null ? null : ImportView.Of(row, sql.Now), refused);
                },
                view => $"/api/v1/memos/imports/{view.Id}",
                stop
            );
        }
        finally
        {
            Settle(begun, file);
        }
    }

    internal async Task<(ImportView? View, Refused? Refused)> Begin(
        ImportQuery query,
        string file,
        long owner,
        CancellationToken stop
    )
    {
        long? begun = null;
        try
        {
            var (row, refused) = await db.Write(sql => Add(sql, query, file, owner), stop);
            begun = row?.Id;
            return (row is null ? null : ImportView.Of(row, clock.GetUtcNow()), refused);
        }
        finally
        {
            Settle(begun, file);
        }
    }

    /// <returns>The import that goes on; null when there is none that could.</returns>
    internal async Task<ImportView?> Run(long id, long owner, CancellationToken stop)
    {
        var (row, mustBegin) = await imports.MakeReal(id, owner, worker.Runner, stop);
        if (mustBegin)
        {
            worker.Begin(id);
        }
        return row is null ? null : ImportView.Of(row, clock.GetUtcNow());
    }

    private async Task<(ImportRow? Row, Refused? Refused)> Add(Sql sql, ImportQuery query, string file, long owner)
    {
        var name = string.IsNullOrWhiteSpace(query.FileName) ? "memos" : Fold.Clean(query.FileName);
        var author = string.IsNullOrWhiteSpace(query.Author) ? null : query.Author.Trim();
        var row = await ImportStore.Add(sql, new(owner, worker.Runner, file, name, author, query.DryRun == true));
        return row is null
            ? (null, new Refused(StatusCodes.Status409Conflict, "moving.one_at_a_time", MemosWords.Say))
            : (row, null);
    }

    /// <summary>What came to no import, an answer from an earlier request among them, leaves no file.</summary>
    private void Settle(long? begun, string file)
    {
        if (begun is { } id)
        {
            worker.Begin(id);
        }
        else
        {
            files.Discard(ImportWorker.Files, file);
        }
    }
}
