namespace Madang.Foundation.Going;

/// <summary>Somewhere to go or something to make: an entry of the command box, and a shortcut where it has keys.</summary>
/// <param name="Path">Where it leads, from the root.</param>
/// <param name="Word">Its word, in the language of the request.</param>
/// <param name="Icon">The name of its icon in the frame's icon set.</param>
/// <param name="Keys">Keys pressed one after the other, a space between them (<c>g m</c>), outside of any field; null for none.</param>
/// <param name="IsForAdmins">Whether admins alone see it; the path guards itself.</param>
/// <param name="IsFor">Who else alone sees it; null for everybody.</param>
public sealed record Command(
    string Path,
    Func<string> Word,
    string Icon,
    string? Keys = null,
    bool IsForAdmins = false,
    Func<Accounts.CurrentUser, bool>? IsFor = null
);

/// <summary>Something that a search found.</summary>
/// <param name="Path">Where it is, from the root.</param>
/// <param name="Title">Its words, as one line.</param>
/// <param name="Kind">What it is, in the language of the request.</param>
/// <param name="Icon">The name of its icon in the frame's icon set.</param>
public sealed record FoundThing(string Path, string Title, string Kind, string Icon);

/// <summary>What a room gives to the search over all rooms.</summary>
public interface ISearchSource
{
    /// <returns>The newest things that contain <paramref name="sought"/> and that <paramref name="reader"/> may see.</returns>
    /// <param name="sought">At least one character that is no white space.</param>
    /// <param name="reader">Who asks.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="stop">Ends the search.</param>
    Task<IReadOnlyList<FoundThing>> Search(string sought, long reader, int most, CancellationToken stop);
}
