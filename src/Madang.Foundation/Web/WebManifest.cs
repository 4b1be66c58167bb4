using Madang.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Madang.Foundation.Web.FrameWords;

namespace Madang.Foundation.Web;

/// <summary>What a browser needs to install the yard as an app (W3C, Web Application Manifest), in the reader's language.</summary>
internal sealed record WebManifest
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string ShortName { get; init; }
    public required string Description { get; init; }
    public required string Lang { get; init; }
    public required string Dir { get; init; }
    public required string StartUrl { get; init; }
    public required string Scope { get; init; }
    public required string Display { get; init; }
    public required string ThemeColor { get; init; }
    public required string BackgroundColor { get; init; }
    public required IReadOnlyList<ManifestIcon> Icons { get; init; }
    public required IReadOnlyList<ManifestShortcut> Shortcuts { get; init; }

    /// <summary>The style sheet's <c>--paper</c> in the light theme: a manifest has one colour (a test holds them equal).</summary>
    internal const string Light = "#faf8f3";

    /// <summary>The style sheet's <c>--paper</c> in the dark theme.</summary>
    internal const string Dark = "#161513";

    private static readonly (string File, string Sizes, string Purpose)[] Pictures =
    [
        ("/icons/madang-192.png", "192x192", "any"),
        ("/icons/madang-512.png", "512x512", "any"),
        ("/icons/madang-maskable-512.png", "512x512", "maskable"),
    ];

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/manifest.webmanifest", Read).AllowAnonymous().ExcludeFromDescription();

    private static IResult Read(StaticFiles files, ContractJson json, HttpResponse response)
    {
        response.Headers.Vary = "Accept-Language";
        var manifest = new WebManifest
        {
            Id = "/",
            Name = Say["frame.name"],
            ShortName = Say["frame.name"],
            Description = Say["home.headline"],
            Lang = System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
            Dir = "ltr",
            StartUrl = "/",
            Scope = "/",
            Display = "standalone",
            ThemeColor = Light,
            BackgroundColor = Light,
            Icons = [.. Pictures.Select(one => new ManifestIcon(files[one.File], one.Sizes, "image/png", one.Purpose))],
            Shortcuts = [new(Say["go.title"], "/go")],
        };
        return TypedResults.Bytes(json.Bytes(manifest), "application/manifest+json");
    }
}

/// <summary>A picture of the app.</summary>
internal sealed record ManifestIcon(string Src, string Sizes, string Type, string Purpose);

/// <summary>What the app's icon offers before it is opened.</summary>
internal sealed record ManifestShortcut(string Name, string Url);
