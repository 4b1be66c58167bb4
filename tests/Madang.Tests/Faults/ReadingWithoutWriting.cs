using System.Net;
using Dapper;
using Madang.Host;
using Madang.Tests.Accounts;
using Madang.Tests.Outside;
using Madang.Tests.Yards;
using Npgsql;

namespace Madang.Tests.Faults;

public sealed class ReadingWithoutWritingOnSqlite(TrustingSqliteYard yard)
    : ReadingWithoutWriting(yard, yard.Issuer),
        IClassFixture<TrustingSqliteYard>
{
    /// <summary>The writer's connection writes no more, as on a disk that has become read-only.</summary>
    protected override async Task<(string Url, IAsyncDisposable? Server)> MakeReadOnly()
    {
        await Yard.Database.Write(sql => sql.Execute("PRAGMA query_only = ON"), Stop);
        return (Yard.Url, null);
    }
}

public sealed class ReadingWithoutWritingOnPostgres(TrustingPostgresYard yard)
    : ReadingWithoutWriting(yard, yard.Issuer),
        IClassFixture<TrustingPostgresYard>
{
    /// <summary>New connections write no more; a second server has no other.</summary>
    protected override async Task<(string Url, IAsyncDisposable? Server)> MakeReadOnly()
    {
        var connection = Yard.Databases[0]["--Data:Postgres=".Length..];
        await using (var own = new NpgsqlConnection(connection))
        {
            await own.ExecuteAsync(
                $"ALTER DATABASE \"{new NpgsqlConnectionStringBuilder(connection).Database}\" SET default_transaction_read_only = on"
            );
        }
        string[] settings = [$"--Data:Directory={Yard.Folder}", .. Yard.Databases, .. Issuer.Settings];
        var server = await Server.Start("http://127.0.0.1:0", null, settings, Yard.Clock, Stop);
        return (server.Url, server);
    }
}

/// <summary>
/// What a read notes by the way, that a session or an identity is used, fails alone where nothing can be written: what was asked for is
/// answered.
/// </summary>
public abstract class ReadingWithoutWriting(Yard yard, TestIssuer issuer)
{
    protected Yard Yard => yard;

    protected TestIssuer Issuer => issuer;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract Task<(string Url, IAsyncDisposable? Server)> MakeReadOnly();

    [Fact]
    public async Task A_cookie_that_is_to_be_prolonged_and_an_outside_token_still_read()
    {
        var browser = await new Browser(yard).SignIn(yard.Admin);
        var end = $"{yard.Clock.GetUtcNow().AddDays(30).ToUnixTimeSeconds()}";
        var known = issuer.Token("known") with { Expires = end };
        await Ask(yard.Anonymous, known).Is(HttpStatusCode.OK);
        // Half of the cookie's life, and longer than a use goes unnoted.
        yard.Clock.Advance(TimeSpan.FromDays(8));

        var (url, server) = await MakeReadOnly();
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
            {
                BaseAddress = new(url),
            };
            var reading = new Browser(client) { Cookies = browser.Cookies };
            using var page = await reading.Send(HttpMethod.Get, "/memos");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            // The cookie must not outlive its session, which could not be prolonged.
            Assert.DoesNotContain(Browser.Set(page), set => set.StartsWith("madang=", StringComparison.Ordinal));
            await Ask(client, known).Is(HttpStatusCode.OK);

            // It was this that could not be written.
            using var first = await Ask(client, issuer.Token("unknown") with { Expires = end });
            Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        }
        finally
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static Task<HttpResponseMessage> Ask(HttpClient client, OutsideToken token) =>
        client.Send(HttpMethod.Get, "/api/v1/users/me", null, ("Authorization", $"Bearer {token}"));
}
