using System.Globalization;
using System.Text;
using Madang.Memos.Pictures;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax.Inlines;

namespace Madang.Memos.Rendering;

/// <summary>What stands within a paragraph: emphasis, links, pictures, tags.</summary>
internal sealed partial class MemoHtml
{
    private const int LongestLabel = 80;

    private bool isInLink;

    private void Inlines(ContainerInline inlines)
    {
        foreach (var inline in inlines.TakeWhile(_ => !IsTooMuch))
        {
            switch (inline)
            {
                case LiteralInline literal:
                    Escape(html, literal.Content.AsSpan());
                    break;
                case LineBreakInline:
                    html.Append("<br>\n");
                    break;
                case CodeInline code:
                    html.Append("<code>");
                    Escape(html, code.Content);
                    html.Append("</code>");
                    break;
                case EmphasisInline emphasis:
                    Emphasis(emphasis);
                    break;
                case LinkInline { IsImage: true } image:
                    Image(image);
                    break;
                case LinkInline link:
                    Link(link.Url ?? "", () => Inlines(link));
                    break;
                case AutolinkInline address:
                    Link(address.IsEmail ? $"mailto:{address.Url}" : address.Url, () => Escape(html, address.Url));
                    break;
                case TagInline tag:
                    Tag(tag.Tag);
                    break;
                case HtmlEntityInline entity:
                    Escape(html, entity.Transcoded.AsSpan());
                    break;
                case TaskList task when !MemoTasks.IsTask(task):
                    html.Append(task.Checked ? "[x]" : "[ ]");
                    break;
                case ContainerInline inner:
                    Inlines(inner);
                    break;
            }
        }
    }

    private void Emphasis(EmphasisInline emphasis)
    {
        var name =
            emphasis.DelimiterChar == '~' ? "del"
            : emphasis.DelimiterCount == 2 ? "strong"
            : "em";
        html.Append('<').Append(name).Append('>');
        Inlines(emphasis);
        html.Append("</").Append(name).Append('>');
    }

    private void Link(string address, Action content)
    {
        // A link within a link is text: browsers would end the outer one.
        if (isInLink || !Addresses.IsAllowed(address))
        {
            content();
            return;
        }
        html.Append("<a href=\"");
        Escape(html, address);
        html.Append("\" rel=\"noopener nofollow ugc\">");
        isInLink = true;
        content();
        isInLink = false;
        html.Append("</a>");
    }

    /// <summary>Only pictures that we keep are shown: one from elsewhere would tell its server who reads the memo. It is a link.</summary>
    private void Image(LinkInline image)
    {
        var address = image.Url ?? "";
        if (PictureAddress.SizeOf(address) is not var (width, height))
        {
            Link(
                address,
                () =>
                {
                    var before = html.Length;
                    Inlines(image);
                    if (html.Length == before)
                    {
                        Escape(html, address);
                    }
                }
            );
            return;
        }
        html.Append("<img src=\"").Append(address).Append("\" width=\"").Append(width);
        html.Append("\" height=\"").Append(height).Append("\" loading=\"lazy\" alt=\"");
        Escape(html, TextOf(image));
        html.Append("\">");
    }

    private void Tag(string tag)
    {
        if (isInLink)
        {
            Escape(html, $"#{tag}");
            return;
        }
        html.Append("<a class=\"tag\" href=\"/memos?").Append(look.IsTeam ? "scope=team&amp;" : "").Append("tag=");
        Escape(html, Uri.EscapeDataString(tag));
        html.Append("\">");
        Escape(html, $"#{tag}");
        html.Append("</a>");
    }

    private static string LabelOf(TaskList task)
    {
        var text = TextOf(task.Parent!).Trim();
        return text.Length <= LongestLabel
            ? text
            : new StringInfo(text).SubstringByTextElements(
                0,
                Math.Min(LongestLabel / 2, new StringInfo(text).LengthInTextElements)
            );
    }

    /// <returns>The words of inlines without anything about them.</returns>
    internal static string TextOf(ContainerInline inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    text.Append(literal.Content.AsSpan());
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case TagInline tag:
                    text.Append('#').Append(tag.Tag);
                    break;
                case LineBreakInline:
                    text.Append(' ');
                    break;
                case ContainerInline inner:
                    text.Append(TextOf(inner));
                    break;
            }
        }
        return text.ToString();
    }
}
