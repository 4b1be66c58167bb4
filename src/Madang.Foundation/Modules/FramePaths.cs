namespace Madang.Foundation.Modules;

/// <summary>The first path segments of the frame: of its own pages and calls, of its files, and of what may stand there some day.</summary>
public static class FramePaths
{
    /// <summary>In lower case.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "_content",
        "_framework",
        "admin",
        "api",
        "assets",
        "auth",
        "css",
        "docs",
        "files",
        "forgot",
        "go",
        "health",
        "help",
        "home",
        "icons",
        "js",
        "keys",
        "login",
        "logout",
        "metrics",
        "openapi",
        "reset",
        "samples",
        "search",
        "settings",
        "sign-in",
        "sign-out",
        "sign-up",
        "static",
        "token",
        "users",
        "verify",
    ];
}
