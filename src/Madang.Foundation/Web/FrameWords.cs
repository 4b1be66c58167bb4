namespace Madang.Foundation.Web;

/// <summary>The sentences of the frame, of accounts and of the common rules.</summary>
public static class FrameWords
{
    /// <summary>The sentences.</summary>
    public static Words Say { get; } = new(typeof(Yard));
}
