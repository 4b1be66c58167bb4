using System.Net.Sockets;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Modules;
using Madang.Foundation.Schema;
using Madang.Host.Verbs;

namespace Madang.Host;

/// <summary>A running server: the database opened and migrated, the rooms mapped, listening.</summary>
public sealed class Server : IAsyncDisposable
{
    private const string DefaultUrl = "http://127.0.0.1:5080";

    private readonly Database db;
    private readonly string? setupCode;

    private Server(WebApplication app, Database db, string? setupCode) =>
        (App, this.db, this.setupCode) = (app, db, setupCode);

    /// <summary>The application.</summary>
    public WebApplication App { get; }

    /// <summary>Where it listens.</summary>
    public string Url =>
        App
            .Urls.First()
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("[::]", "localhost", StringComparison.Ordinal);

    /// <summary>One line for the person who started it.</summary>
    public string Greeting =>
        setupCode is null
            ? $"Madang is open at {Url}"
            : $"Madang is open at {Url} (set-up code for the first sign-up from another machine: {setupCode})";

    /// <summary>Starts a server, whether others run on the same database or not.</summary>
    /// <param name="urls">Where to listen, or null for the configured or default address.</param>
    /// <param name="modules">The rooms to run, commas between them, or null for all.</param>
    /// <param name="settings">Settings of the command line, as <c>--Section:Key=value</c>.</param>
    /// <param name="clock">Another clock than the system's, for tests.</param>
    /// <param name="stop">Ends the start.</param>
    /// <exception cref="StartupException">It cannot start; the message says why.</exception>
    public static Task<Server> Start(
        string? urls,
        string? modules,
        string[] settings,
        TimeProvider? clock,
        CancellationToken stop
    ) => StartIn(DataFolder.Share, urls, modules, settings, clock ?? TimeProvider.System, stop);

    /// <summary>Starts the one server of an embedded database, or one of a fleet on PostgreSQL.</summary>
    /// <exception cref="StartupException">It cannot start, or another server runs in the data folder; the message says which.</exception>
    internal static Task<Server> StartAlone(string? urls, string? modules, string[] settings, CancellationToken stop) =>
        StartIn(DataFolder.Serve, urls, modules, settings, TimeProvider.System, stop);

    private static async Task<Server> StartIn(
        Func<string, IDisposable> place,
        string? urls,
        string? modules,
        string[] settings,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        var builder = Setup.Builder(settings);
        builder.WebHost.UseStaticWebAssets();
        if (urls is not null)
        {
            builder.WebHost.UseUrls(urls);
        }
        else if (builder.Configuration["urls"] is null)
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        });
        SettingsCheck.Run(builder.Configuration);
        var db = Setup.OpenDatabase(builder.Configuration, clock, place);
        try
        {
            builder.AddFoundation(new Rooms(Modules.All, Running(modules)), db);
            builder.Services.AddOpenApi("v1", ContractDescription.Configure);
            var app = builder.Build();
            await Setup.Migrate(app.Services.GetRequiredService<SchemaRunner>(), db, stop);
            app.UseFoundation();
            var setupCode = await app.Services.GetRequiredService<WorkspaceStore>().SetupCodeWhileEmpty(stop);
            await Listen(app, stop);
            return new Server(app, db, setupCode);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await db.DisposeAsync();
    }

    private static IReadOnlyList<IModule> Running(string? modules)
    {
        if (modules is null)
        {
            return Modules.All;
        }
        var names = modules.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var unknown = names.FirstOrDefault(name => Modules.All.All(room => room.Name != name));
        return unknown is null
            ? [.. Modules.All.Where(room => names.Contains(room.Name))]
            : throw new StartupException(
                $"There is no room '{unknown}': --modules takes {string.Join(", ", Modules.All.Select(room => room.Name))}."
            );
    }

    private static async Task Listen(WebApplication app, CancellationToken stop)
    {
        try
        {
            await app.StartAsync(stop);
        }
        catch (Exception error)
            when (error is IOException or SocketException or FormatException or InvalidOperationException)
        {
            throw new StartupException($"Cannot listen: {error.Message}", error);
        }
    }
}
