using System.Collections.Frozen;
using Microsoft.AspNetCore.Components;

namespace Madang.Foundation.Web;

/// <summary>The icon set: the lines on a sheet of 24 × 24, by name. They stand once a page, at the end of the frame.</summary>
public static class Icons
{
    internal static readonly FrozenDictionary<string, string> Paths = new Dictionary<string, string>
    {
        ["mark"] = """<path d="M4 4h16v16H4z"/>""",
        ["home"] = """<path d="M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-5v-6h-4v6H5a1 1 0 0 1-1-1z"/>""",
        ["memo"] =
            """<path d="M6 3h9l4 4v13a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z"/><path d="M9 12h6M9 16h4"/>""",
        ["link"] =
            """<path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1.3 1.3"/><path d="M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3"/>""",
        ["book"] =
            """<path d="M12 6c-2-1.4-4.6-2-8-2v14c3.4 0 6 .6 8 2 2-1.4 4.6-2 8-2V4c-3.4 0-6 .6-8 2zM12 6v14"/>""",
        ["copy"] = """<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15V6a2 2 0 0 1 2-2h8"/>""",
        ["picture"] = """<rect x="4" y="5" width="16" height="14" rx="2"/><path d="m5 17 4.5-5 3.5 4 2-2 4 4"/>""",
        ["search"] = """<circle cx="11" cy="11" r="6"/><path d="m20 20-4.5-4.5"/>""",
        ["pin"] = """<path d="M9 4h6l-1 6 3 3H7l3-3z"/><path d="M12 13v7"/>""",
        ["edit"] = """<path d="M5 19h4L19 9l-4-4L5 15z"/>""",
        ["archive"] = """<rect x="4" y="4" width="16" height="4" rx="1"/><path d="M6 8v11h12V8M10 12h4"/>""",
        ["trash"] = """<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5"/>""",
        ["restore"] = """<path d="M5 9h9a5 5 0 0 1 0 10H8"/><path d="m9 5-4 4 4 4"/>""",
        ["history"] = """<path d="M4 12a8 8 0 1 0 2.6-5.9L4 8.5"/><path d="M4 4v4.5h4.5M12 8v4l3 2"/>""",
        ["team"] =
            """<circle cx="9" cy="8" r="3.2"/><path d="M3.5 20c0-3.3 2.5-5.5 5.5-5.5s5.5 2.2 5.5 5.5"/><path d="M15.5 5.2a3 3 0 0 1 0 5.6M17 14.8c2.1.7 3.5 2.6 3.5 5.2"/>""",
        ["lock"] = """<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>""",
        ["settings"] =
            """<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>""",
        ["keys"] =
            """<rect x="3" y="6" width="18" height="12" rx="2"/><path d="M7 10h.01M11 10h.01M15 10h.01M8 14h8"/>""",
        ["code"] = """<path d="m8 8-4 4 4 4M16 8l4 4-4 4"/>""",
        ["move"] = """<path d="M8 4v12M4.5 12.5 8 16l3.5-3.5M16 20V8M12.5 11.5 16 8l3.5 3.5"/>""",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, MarkupString> Uses = Paths.Keys.ToFrozenDictionary(
        name => name,
        name => new MarkupString(
            $"""<svg class="icon{(name == "mark" ? " mark" : "")}" aria-hidden="true"><use href="#i-{name}"></use></svg>"""
        )
    );

    /// <returns>One icon, drawn with the colour of the text around it; nothing where the set has none of that name.</returns>
    /// <param name="name">Its name in the set.</param>
    public static MarkupString Of(string name) => Uses.GetValueOrDefault(name);

    /// <summary>All of them as symbols, as they stand at the end of each page.</summary>
    internal static readonly MarkupString Symbols = new(
        string.Concat(Paths.Select(icon => $"""<symbol id="i-{icon.Key}" viewBox="0 0 24 24">{icon.Value}</symbol>"""))
    );
}
