using System.Globalization;
using System.Text;
using System.Text.Json;
using Madang.Foundation.Data;
using Madang.Foundation.Http;
using Madang.Foundation.Web;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>Who somebody is, as a provider or a trusted issuer says.</summary>
/// <param name="Provider">How he came, for the record and for the page of his connections.</param>
/// <param name="Issuer">Who says so.</param>
/// <param name="Subject">His name there, never given to anybody else: with the issuer the identity.</param>
/// <param name="Email">His e-mail, when the issuer has made sure of it; it identifies nobody.</param>
/// <param name="Username">What he is called; where nobody says it, what stands before the @, or that he comes from there.</param>
internal sealed record Profile(string Provider, string Issuer, string Subject, string? Email, string Username)
{
    private const int LongestSubject = 255;
    private const int LongestUsername = 64;

    private static readonly EmailAttribute EmailRule = new();

    /// <summary>Reads a provider's user information in its dialect.</summary>
    /// <exception cref="OutsideException">It tells nobody.</exception>
    internal static Profile Read(ProviderOptions provider, JsonElement body)
    {
        var settings = provider.Settings;
        if (settings.Success.Split('=') is [var place, var value] && OutsideCalls.Text(body, place) != value)
        {
            throw new OutsideException(Trouble.Refused, $"The user information lacks {settings.Success}.");
        }
        var isVerified = Paths(settings.EmailVerified).All(path => OutsideCalls.IsTrue(body, path));
        var email = isVerified ? Mail(OutsideCalls.Text(body, settings.Email)) : null;
        return new(
            provider.Name,
            settings.Issuer!,
            Subjected(OutsideCalls.Text(body, settings.Subject))
                ?? throw new OutsideException(Trouble.Rubbish, $"The user information has no {settings.Subject}."),
            email,
            Called(Paths(settings.Username).Select(path => OutsideCalls.Text(body, path)), email, provider.DisplayName)
        );
    }

    /// <returns>The first of these names that can be a username, or what can be one instead.</returns>
    internal static string Called(IEnumerable<string?> names, string? email, string provider) =>
        names.Append(email?.Split('@')[0]).Select(Named).FirstOrDefault(name => name is not null)
        ?? FrameWords.Say.Format("outside.nameless", provider);

    /// <returns>A subject as it can be kept, or null.</returns>
    internal static string? Subjected(string? text) =>
        text is { Length: > 0 and <= LongestSubject } && !text.Any(IsUnfit) ? text : null;

    /// <returns>An e-mail as sign-up would take it, or null.</returns>
    internal static string? Mail(string? text) =>
        text is { Length: > 0 } && !text.Any(IsUnfit) && EmailRule.IsValid(text) ? Fold.Clean(text) : null;

    /// <returns>What can be a username of it: 1 to 64 characters that show; or null.</returns>
    private static string? Named(string? text)
    {
        if (text is null)
        {
            return null;
        }
        var clean = Fold.Clean(new string([.. text.Where(letter => !IsUnfit(letter))])).Trim();
        var cut = new StringBuilder();
        foreach (var rune in clean.EnumerateRunes().Take(LongestUsername))
        {
            cut.Append(rune);
        }
        return cut.ToString().Trim() is { Length: > 0 } name ? name : null;
    }

    private static bool IsUnfit(char letter) =>
        char.IsControl(letter)
        || letter is '\uFFFE' or '\uFFFF'
        || CharUnicodeInfo.GetUnicodeCategory(letter)
            is UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    private static string[] Paths(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
