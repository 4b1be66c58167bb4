using System.Collections.Concurrent;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Moving;
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
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<long, bool> beginning = [];

    internal Importing(IServiceProvider all)
    {
        db = all.GetRequiredService<Database>();
        imports = all.GetRequiredService<ImportStore>();
        worker = all.GetRequiredService<ImportWorker>();
        clock = all.GetRequiredService<TimeProvider>();
    }

    /// <summary>Asks whether an import may begin, before its file is received: a member has one at a time, so that he has one file here.</summary>
    /// <param name="owner">Whose import.</param>
    /// <param name="repeatable">The request, when it may be one that was answered before: then an import under way may be its own.</param>
    /// <param name="stop">Ends the question.</param>
    /// <returns>What is held until it has begun; null while another of the user comes or is not at its end.</returns>
    internal async Task<IDisposable?> TakeTurn(long owner, HttpContext? repeatable, CancellationToken stop)
    {
        if (!beginning.TryAdd(owner, true))
        {
            return null;
        }
        var turn = new Turn(() => beginning.TryRemove(owner, out _));
        var isMine = false;
        try
        {
            isMine = !await imports.IsOpen(owner, stop) || (repeatable is not null && await Once.Remembers(repeatable));
            return isMine ? turn : null;
        }
        finally
        {
            if (!isMine)
            {
                turn.Dispose();
            }
        }
    }

    internal static Refused OneAtATime => new(StatusCodes.Status409Conflict, "moving.one_at_a_time", MemosWords.Say);

    /// <summary>
    /// Lets a request come to its body only when its import may begin, or when it asks for the answer of an earlier one again: that is
    /// received too, and so never beside another.
    /// </summary>
    internal static RequestDelegate InTurn(RequestDelegate next) =>
        async http =>
        {
            var importing = http.RequestServices.GetRequiredService<Importing>();
            var me = CurrentUser.Of(http)!.Id;
            using var turn = await importing.TakeTurn(me, http, http.RequestAborted);
            await (turn is null ? OneAtATime.ExecuteAsync(http) : next(http));
        };

    /// <returns>The name of the file that what came is kept in; null when nothing came.</returns>
    internal Task<string?> Receive(Stream body, CancellationToken stop) => worker.Receive(body, stop);

    internal Task<Results<Made<ImportView>, Refused>> Begin(
        ImportQuery query,
        string file,
        Once once,
        long owner,
        CancellationToken stop
    ) =>
        worker.Begin(
            file,
            begun =>
                once.TryCreate(
                    async sql =>
                    {
                        var (row, refused) = await Add(sql, query, file, owner, begun);
                        return (row is null ? null : ImportView.Of(row, sql.Now), refused);
                    },
                    view => $"/api/v1/memos/imports/{view.Id}",
                    stop
                )
        );

    internal async Task<(ImportView? View, Refused? Refused)> Begin(
        ImportQuery query,
        string file,
        long owner,
        CancellationToken stop
    )
    {
        var (row, refused) = await worker.Begin(
            file,
            begun => db.Write(sql => Add(sql, query, file, owner, begun), stop)
        );
        return (row is null ? null : ImportView.Of(row, clock.GetUtcNow()), refused);
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

    private async Task<(ImportRow? Row, Refused? Refused)> Add(
        Sql sql,
        ImportQuery query,
        string file,
        long owner,
        BegunImport begun
    )
    {
        var name = string.IsNullOrWhiteSpace(query.FileName) ? "memos" : Fold.Clean(query.FileName);
        var author = string.IsNullOrWhiteSpace(query.Author) ? null : query.Author.Trim();
        var row = await ImportStore.Add(sql, new(owner, worker.Runner, file, name, author, query.DryRun == true));
        if (row is null)
        {
            return (null, OneAtATime);
        }
        begun.Is(sql, row.Id, await ImportRows.LetGoOf(sql, ImportStore.Table, owner));
        return (row, null);
    }

    private sealed class Turn(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
