using Madang.Foundation.Data;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Madang.Memos.Reading;

/// <summary>A memo's text as it was typed, with what was searched for marked in it.</summary>
public sealed class MemoText : ComponentBase
{
    /// <summary>The text.</summary>
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    /// <summary>What was searched for, or null.</summary>
    [Parameter]
    public string? Sought { get; set; }

    /// <inheritdoc />
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "div");
        builder.AddAttribute(1, "class", "text");
        foreach (var (part, isFound) in Parts(Text, Fold.Clean(Sought ?? "")))
        {
            if (isFound)
            {
                builder.OpenElement(2, "mark");
                builder.AddContent(3, part);
                builder.CloseElement();
            }
            else
            {
                builder.AddContent(4, part);
            }
        }
        builder.CloseElement();
    }

    private static IEnumerable<(string Part, bool IsFound)> Parts(string text, string sought)
    {
        var from = 0;
        while (
            sought.Length > 0 && text.IndexOf(sought, from, StringComparison.OrdinalIgnoreCase) is var found and >= 0
        )
        {
            yield return (text[from..found], false);
            yield return (text[found..(found + sought.Length)], true);
            from = found + sought.Length;
        }
        yield return (text[from..], false);
    }
}
