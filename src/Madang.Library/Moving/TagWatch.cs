using System.Xml;
using Madang.Foundation.Moving;

namespace Madang.Library.Moving;

/// <summary>
/// XML in which a tag comes every so often: the framework reads each attribute as a whole, and a few kilobytes of a zip may hold one of
/// hundreds of megabytes.
/// </summary>
/// <param name="from">The XML; disposed with this.</param>
internal sealed class TagWatch(TextReader from) : TextReader
{
    /// <summary>Letters from the beginning of one tag to that of the next.</summary>
    private const int Most = 1024 * 1024;

    /// <summary>Elements within one another, which the framework remembers all.</summary>
    private const int Deepest = 100;

    private int since;

    /// <summary>Goes on to the next node.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="BrokenImportException">It lies deeper than anybody writes.</exception>
    internal static bool Step(XmlReader xml) =>
        xml.Read() && (xml.Depth <= Deepest ? true : throw new BrokenImportException("too_large"));

    /// <inheritdoc />
    public override int Peek() => from.Peek();

    /// <inheritdoc />
    public override int Read()
    {
        var one = new char[1];
        return Read(one, 0, 1) == 0 ? -1 : one[0];
    }

    /// <inheritdoc />
    /// <exception cref="BrokenImportException">No tag begins for longer than anybody writes.</exception>
    public override int Read(char[] buffer, int index, int count)
    {
        var read = from.Read(buffer, index, count);
        var letters = buffer.AsSpan(index, read);
        var first = letters.IndexOf('<');
        since += first < 0 ? read : first;
        if (since > Most)
        {
            throw new BrokenImportException("too_large");
        }
        if (first >= 0)
        {
            since = read - letters.LastIndexOf('<');
        }
        return read;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            from.Dispose();
        }
        base.Dispose(disposing);
    }
}
