using System.Security.Cryptography;
using System.Text;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Http;

/// <summary>
/// Makes a thing once, however often the client sends the same request with the same <c>Idempotency-Key</c> within a day. The key
/// and the answer are stored in the transaction that makes the thing: there is no moment in which one stands without the other.
/// </summary>
public sealed class Once
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    private const int LongestKey = 255;

    private readonly Database db;
    private readonly ContractJson json;
    private readonly IdempotencyKey? key;

    private Once(HttpContext http, IdempotencyKey? key)
    {
        db = http.RequestServices.GetRequiredService<Database>();
        json = http.RequestServices.GetRequiredService<ContractJson>();
        this.key = key;
    }

    /// <summary>Whether the answer is kept.</summary>
    public bool HasKey => key is not null;

    /// <summary>For what is judged before it is made: the judgement of a request that was answered is not asked for again.</summary>
    /// <returns>What the same request was answered before, or that its key was another's; null when it is to be made.</returns>
    public async Task<Results<Made<T>, Refused>?> Earlier<T>(CancellationToken stop)
        where T : class
    {
        var earlier = key is null ? null : await db.Read(key.Find, stop);
        return earlier is null ? null : Again<T>(earlier);
    }

    /// <summary>Runs <paramref name="make"/> in one write, and answers 201 with what it made.</summary>
    /// <param name="make">Makes the thing; it may run again when its transaction is lost to another's.</param>
    /// <param name="location">The path of the thing made.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    public Task<Results<Made<T>, Refused>> Create<T>(
        Func<Sql, Task<T>> make,
        Func<T, string> location,
        CancellationToken stop
    )
        where T : class => TryCreate(Always(make), location, stop);

    /// <summary>As <see cref="Create{T}"/>, where the making may come to a refusal: then nothing is written, the key neither.</summary>
    /// <param name="make">Makes the thing, or says why not.</param>
    /// <param name="location">The path of the thing made.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    public Task<Results<Made<T>, Refused>> TryCreate<T>(
        Func<Sql, Task<(T? Thing, Refused? Refused)>> make,
        Func<T, string> location,
        CancellationToken stop
    )
        where T : class =>
        Run(make, thing => new Answer(StatusCodes.Status201Created, location(thing), json.Bytes(thing)), stop);

    /// <summary>As <see cref="TryCreate{T}"/>, where the thing may be there already: then the answer is 200.</summary>
    public Task<Results<Made<T>, Refused>> CreateOrFind<T>(
        Func<Sql, Task<(T? Thing, bool IsNew, Refused? Refused)>> make,
        Func<T, string> location,
        CancellationToken stop
    )
        where T : class
    {
        var isNew = false;
        return Run(
            async sql =>
            {
                (var thing, isNew, var refused) = await make(sql);
                return (thing, refused);
            },
            thing => new Answer(isNew ? 201 : 200, location(thing), json.Bytes(thing)),
            stop
        );
    }

    /// <summary>As <see cref="Create{T}"/>, for a root route whose small clients expect 200.</summary>
    /// <param name="make">Makes the thing; it may run again when its transaction is lost to another's.</param>
    /// <param name="stop">Heeded while the write waits for its turn.</param>
    public Task<Results<Made<T>, Refused>> CreateWithOk<T>(Func<Sql, Task<T>> make, CancellationToken stop)
        where T : class =>
        Run(Always(make), thing => new Answer(StatusCodes.Status200OK, null, json.Bytes(thing)), stop);

    private static Func<Sql, Task<(T?, Refused?)>> Always<T>(Func<Sql, Task<T>> make)
        where T : class => async sql => (await make(sql), null);

    private Task<Results<Made<T>, Refused>> Run<T>(
        Func<Sql, Task<(T? Thing, Refused? Refused)>> make,
        Func<T, Answer> tell,
        CancellationToken stop
    )
        where T : class =>
        db.Write<Results<Made<T>, Refused>>(
            async sql =>
            {
                if (key is not null && await key.TakeOrFind(sql) is { } earlier)
                {
                    return Again<T>(earlier);
                }
                var (thing, refused) = await make(sql);
                if (thing is null)
                {
                    sql.RollBack();
                    return refused!;
                }
                var answer = tell(thing);
                if (key is not null)
                {
                    await key.Keep(sql, answer);
                }
                return new Made<T>(answer);
            },
            stop
        );

    private Results<Made<T>, Refused> Again<T>(IdempotencyKey.Stored earlier)
        where T : class =>
        earlier.BodyHash.AsSpan().SequenceEqual(key!.BodyHash)
            ? new Made<T>(new Answer(earlier.Status, earlier.Location, earlier.Body))
            : new Refused(StatusCodes.Status422UnprocessableEntity, "problem.other_body");

    /// <returns>
    /// Whether a request with the key of this one has been answered: then its body is worth reading, whatever else stands against it.
    /// </returns>
    public static Task<bool> Remembers(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var mine = new
        {
            UserId = CurrentUser.Of(http)?.Id ?? 0,
            http.Request.Method,
            Path = http.Request.Path.Value,
            Key = http.Request.Headers["Idempotency-Key"].ToString(),
        };
        return mine.Key.Length == 0
            ? Task.FromResult(false)
            : http
                .RequestServices.GetRequiredService<Database>()
                .Read(
                    async sql =>
                        await sql.First<long?>(
                            """
                            SELECT user_id FROM idempotency_keys
                            WHERE user_id = @UserId AND method = @Method AND path = @Path AND key = @Key
                            """,
                            mine
                        )
                            is not null,
                    http.RequestAborted
                );
    }

    /// <summary>Reads the key and the body's hash from the request, and leaves the body to be read again.</summary>
    /// <exception cref="BadHttpRequestException">The key is not 1 to 255 visible ASCII characters.</exception>
    public static async ValueTask<Once?> BindAsync(HttpContext context)
    {
        var userId = CurrentUser.Of(context)?.Id ?? 0;
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        // A key belongs to a user: those of people without an account would be one another's.
        if (key.Length == 0 || userId == 0)
        {
            return new Once(context, null);
        }
        if (key.Length > LongestKey || key.Any(letter => letter is < '!' or > '~'))
        {
            throw new BadHttpRequestException("Failed to bind parameter \"string Idempotency-Key\" from header.");
        }
        context.Request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(context.Request.QueryString.Value ?? ""));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0; )
        {
            hash.AppendData(buffer, 0, read);
        }
        context.Request.Body.Position = 0;
        return new Once(
            context,
            new(userId, context.Request.Method, context.Request.Path.Value, key, hash.GetHashAndReset())
        );
    }
}
