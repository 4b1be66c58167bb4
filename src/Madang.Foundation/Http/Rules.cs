using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace Madang.Foundation.Http;

/// <summary>
/// A rule about one field of an input. Its sentence comes from the frame's words, in the language of the request, and it looks
/// inside <see cref="Given{T}"/>: a field that a PATCH leaves out breaks no rule.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public abstract class RuleAttribute(string word, Web.Words? words = null) : ValidationAttribute
{
    /// <summary>What OpenAPI calls such a text, or null.</summary>
    public virtual string? Format => null;

    /// <inheritdoc />
    public override string FormatErrorMessage(string name) =>
        (words ?? Web.FrameWords.Say).Format(word, SentenceValues);

    private protected virtual object[] SentenceValues => [];

    /// <inheritdoc />
    public sealed override bool IsValid(object? value) =>
        value is IGiven given ? !given.IsGiven || Holds(given.Value) : Holds(value);

    /// <returns>Whether a value keeps the rule; null where nothing was given.</returns>
    protected abstract bool Holds(object? value);
}

/// <summary>The field must be there and not empty; of a text, something other than white space.</summary>
public sealed class NeededAttribute() : RuleAttribute("rule.needed")
{
    /// <inheritdoc />
    protected override bool Holds(object? value) =>
        value is string text ? !string.IsNullOrWhiteSpace(text) : value is not null;
}

/// <summary>The field may be left out of a PATCH, but not be null.</summary>
public sealed class NotNullAttribute() : RuleAttribute("rule.needed")
{
    /// <inheritdoc />
    protected override bool Holds(object? value) => value is not null;
}

/// <summary>A text of at most so many characters, counted as Unicode scalar values as people and PostgreSQL count them.</summary>
/// <param name="most">At most so many.</param>
public sealed class LongestAttribute(int most) : RuleAttribute("rule.longest")
{
    /// <summary>At most so many.</summary>
    public int Most => most;

    private protected override object[] SentenceValues => [most];

    /// <inheritdoc />
    protected override bool Holds(object? value) =>
        value is not string text || text.Length <= most || text.EnumerateRunes().Count() <= most;
}

/// <summary>A number within bounds, both included.</summary>
/// <param name="least">The smallest.</param>
/// <param name="most">The greatest.</param>
public sealed class BetweenAttribute(long least, long most) : RuleAttribute("rule.between")
{
    /// <summary>The smallest.</summary>
    public long Least => least;

    /// <summary>The greatest.</summary>
    public long Most => most;

    private protected override object[] SentenceValues => [least, most];

    /// <inheritdoc />
    protected override bool Holds(object? value) =>
        value is null
        || Convert.ToInt64(value, CultureInfo.InvariantCulture) is var number && number >= least && number <= most;
}

/// <summary>One of a few words.</summary>
/// <param name="words">The words, exactly as they are written.</param>
public sealed class OneOfAttribute(params string[] words) : RuleAttribute("rule.one_of")
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words => words;

    private protected override object[] SentenceValues => [string.Join(", ", words)];

    /// <inheritdoc />
    protected override bool Holds(object? value) => value is null || words.Contains(value);
}

/// <summary>
/// An e-mail address: something before one @ and a host after it, no white space or control characters, at most 254 characters
/// (RFC 5321, 4.5.3.1.3). Whether it exists only a mail can tell.
/// </summary>
public sealed class EmailAttribute() : RuleAttribute("rule.email")
{
    /// <inheritdoc />
    public override string? Format => "email";

    /// <inheritdoc />
    protected override bool Holds(object? value)
    {
        if (value is not string text)
        {
            return value is null;
        }
        var at = text.LastIndexOf('@');
        return text.Length <= 254
            && at is > 0 and <= 64
            && at == text.IndexOf('@', StringComparison.Ordinal)
            && at < text.Length - 1
            && !text.Any(letter =>
                char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '<' or '>' or ',' or '"'
            )
            && Uri.CheckHostName(text[(at + 1)..].Normalize(NormalizationForm.FormC)) == UriHostNameType.Dns;
    }
}

/// <summary>The name of a time zone that this machine knows, such as <c>Asia/Seoul</c> (IANA).</summary>
public sealed class TimeZoneAttribute() : RuleAttribute("rule.time_zone")
{
    /// <inheritdoc />
    protected override bool Holds(object? value) =>
        value is not string name || (name.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _));
}
