using System.Globalization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Madang.Foundation.Modules;
using Madang.Foundation.Web;
using static Madang.Foundation.Web.FrameWords;

namespace Madang.Foundation.Going;

/// <summary>All commands of the yard: the frame's own and those of the rooms that run.</summary>
internal static class Commands
{
    private static readonly Command[] First = [new("/", () => Say["frame.home"], "home", "g h")];

    private static readonly Command[] Last =
    [
        new("/settings", () => Say["frame.settings"], "settings", "g s"),
        new("/settings#password-title", () => Say["settings.password"], "lock"),
        new("/settings#data", () => Say["settings.data"], "archive"),
        new("/settings/sessions", () => Say["sessions.title"], "lock"),
        new("/settings/tokens", () => Say["tokens.title"], "code"),
        new("/admin", () => Say["admin.users"], "team", "g a", IsForAdmins: true),
        new("/admin/invitations", () => Say["admin.invitations"], "team", IsForAdmins: true),
        new("/admin/sign-ins", () => Say["admin.sign_ins"], "history", IsForAdmins: true),
        new("/docs/keys", () => Say["keys.title"], "keys", "?"),
        new("/docs", () => Say["go.api"], "code"),
    ];

    internal static IEnumerable<Command> For(CurrentUser me, Rooms rooms) =>
        First
            .Concat(rooms.Running.SelectMany(Of))
            .Concat(Last)
            .Where(command => (!command.IsForAdmins || me.IsAdmin) && command.IsFor?.Invoke(me) != false);

    /// <returns>Those whose word contains all of the words sought, in either language: many a reader types in the other one.</returns>
    internal static IEnumerable<Command> Matching(string sought, CurrentUser me, Rooms rooms)
    {
        var words = Fold.Key(sought).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return For(me, rooms).Where(command => Array.TrueForAll(words, InEitherLanguage(command).Contains));
    }

    private static IEnumerable<Command> Of(IModule room) =>
        room.Navigation is { } entry && room.Commands.All(command => command.Path != entry.Path)
            ? room.Commands.Prepend(new(entry.Path, entry.Word, entry.Icon))
            : room.Commands;

    private static string InEitherLanguage(Command command)
    {
        var mine = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = Languages.Korean;
            var korean = command.Word();
            CultureInfo.CurrentUICulture = Languages.English;
            return Fold.Key($"{korean} {command.Word()}");
        }
        finally
        {
            CultureInfo.CurrentUICulture = mine;
        }
    }
}
