using System.CommandLine;

namespace Madang.Host.Verbs;

/// <summary><c>serve</c>: the main verb, and the one that runs when none is given.</summary>
internal static class ServeVerb
{
    internal static Command Command()
    {
        var urls = new Option<string?>("--urls")
        {
            Description =
                "Where to listen, such as http://127.0.0.1:5080 (the default); several with ';' between them.",
        };
        var modules = new Option<string?>("--modules")
        {
            Description = "The rooms to run, such as memos,links; all when left out.",
        };
        var settings = SettingsArgument.New();
        var verb = new Verb(
            "serve",
            "Run the server (also without any verb).",
            "madang serve --urls http://0.0.0.0:5080 --Data:Directory=/srv/madang"
        )
        {
            urls,
            modules,
            settings,
        };
        verb.SetAction(
            async (parsed, stop) =>
            {
                await using var server = await Server.StartAlone(
                    parsed.GetValue(urls),
                    parsed.GetValue(modules),
                    SettingsArgument.Of(parsed, settings),
                    stop
                );
                Console.WriteLine(server.Greeting);
                await server.App.WaitForShutdownAsync(stop);
                return 0;
            }
        );
        return verb;
    }
}
