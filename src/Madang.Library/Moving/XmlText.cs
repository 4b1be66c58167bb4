using System.Text;
using System.Xml;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>Reads what elements say, and no more of it than a record can have: a few kilobytes of a zip may say gigabytes.</summary>
internal sealed class XmlText
{
    /// <summary>The letters of all that one reads.</summary>
    private const int Most = 1024 * 1024;

    private readonly char[] portion = new char[4096];
    private int left = Most;

    /// <summary>Begins to count anew, for what belongs to no record that was read before.</summary>
    internal XmlText Anew()
    {
        left = Most;
        return this;
    }

    /// <param name="xml">At the beginning of an element; afterwards at its end.</param>
    /// <param name="leftOut">The name of elements within it that say something else, or null.</param>
    /// <exception cref="BrokenImportException">It says more than anybody writes.</exception>
    internal string OfElement(XmlReader xml, string? leftOut = null)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }
        var (text, depth) = (new StringBuilder(), xml.Depth);
        while (TagWatch.Step(xml) && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == leftOut)
            {
                var within = xml.Depth;
                while (!xml.IsEmptyElement && TagWatch.Step(xml) && xml.Depth > within)
                {
                    // Until its end.
                }
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.CDATA)
            {
                Append(text, xml);
            }
        }
        return text.ToString();
    }

    private void Append(StringBuilder text, XmlReader xml)
    {
        int read;
        while ((read = xml.ReadValueChunk(portion, 0, portion.Length)) > 0)
        {
            if ((left -= read) < 0)
            {
                throw new BrokenImportException("too_large");
            }
            text.Append(portion, 0, read);
        }
    }
}
