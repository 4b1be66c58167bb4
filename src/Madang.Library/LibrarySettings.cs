using Madang.Foundation.Accounts;

namespace Madang.Library;

/// <summary>What the operator may set: <c>Library:…</c>.</summary>
public sealed class LibrarySettings
{
    /// <summary>Who may change the catalogue: <c>librarians</c> (and admins) or <c>members</c>.</summary>
    public string Editors { get; set; } = "librarians";

    /// <summary>Copies that a member may have at once, 1 to 10,000.</summary>
    public int MaxLoans { get; set; } = 20;

    /// <summary>Days that a loan lasts, 1 to 3,650.</summary>
    public int LoanDays { get; set; } = 14;

    /// <summary>How often a loan can be renewed, 0 to 100.</summary>
    public int MaxRenewals { get; set; } = 2;

    /// <summary>Books that a member may wait for at once, 0 to 50.</summary>
    public int MaxHolds { get; set; } = 10;

    /// <summary>Days that a copy is put aside for whoever waited for it, 1 to 365.</summary>
    public int PickupDays { get; set; } = 3;

    internal bool IsEditor(CurrentUser user) => IsEditor(user.User);

    internal bool IsEditor(KnownUser user) => Editors == "members" || Librarians.Include(user);
}

/// <summary>Who looks after the library.</summary>
internal static class Librarians
{
    internal const string Role = "librarian";

    internal static bool Include(CurrentUser user) => Include(user.User);

    internal static bool Include(KnownUser user) => user.Role is Role or Roles.Admin;
}
