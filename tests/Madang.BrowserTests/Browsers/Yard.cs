using Madang.Foundation.Data;
using Madang.Host;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.BrowserTests.Browsers;

/// <summary>A yard of its own for a test class: a real server on a free port over a fresh embedded database, empty at first.</summary>
public sealed class Yard : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"madang-browser-{Guid.NewGuid():N}");
    private Server? server;
    private int people;

    /// <summary>Settings besides the folder of its own.</summary>
    public IReadOnlyList<string> Settings { get; init; } = ["--SignIn:AllowSignUp=true"];

    /// <summary>Where it listens; left out, a free port.</summary>
    public string Address { get; init; } = "http://127.0.0.1:0";

    public string Url => server!.Url;

    /// <summary>Its database, for what no page can bring about, such as that time goes by.</summary>
    public Database Database => server!.App.Services.GetRequiredService<Database>();

    /// <summary>An e-mail address that nobody in this yard has yet.</summary>
    public string NewEmail => $"person{Interlocked.Increment(ref people)}@example.com";

    public async ValueTask InitializeAsync()
    {
        server = await Server.Start(
            Address,
            null,
            [$"--Data:Directory={folder}", "--RateLimits:Enabled=false", .. Settings],
            null,
            CancellationToken.None
        );
        // Nearly every test signs somebody up: their passwords are hashed in a few rounds, or the tests would wait for little else.
        server.App.Services.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount = 1_000;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.App.StopAsync();
            await server.DisposeAsync();
        }
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
