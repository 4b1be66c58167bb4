using System.Net.Mail;

namespace Madang.Foundation.Mail;

/// <summary>The <c>Mail</c> section of the configuration. Without a host nothing is sent.</summary>
internal sealed class MailSettings
{
    /// <summary>
    /// STARTTLS (RFC 3207), or no encryption at all. The framework's client knows no implicit TLS (port 465): every provider that
    /// offers it offers STARTTLS too.
    /// </summary>
    internal static readonly string[] TlsKinds = ["starttls", "none"];

    /// <summary>The name or address of the SMTP server.</summary>
    public string? Host { get; set; }

    /// <summary>Its port: 587 is for submission (RFC 6409).</summary>
    public int Port { get; set; } = 587;

    /// <summary><c>starttls</c> or <c>none</c>.</summary>
    public string Tls { get; set; } = TlsKinds[0];

    /// <summary>Whom we sign in as, or null for a server that asks for nobody.</summary>
    public string? User { get; set; }

    /// <summary>His password.</summary>
    public string? Password { get; set; }

    /// <summary>The sender, with or without a name: <c>Madang &lt;yard@example.com&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>Whether this yard sends mail.</summary>
    internal bool IsOn => !string.IsNullOrWhiteSpace(Host);

    /// <returns>Whether a sender is one that can be written into a header.</returns>
    internal static bool IsSender(string text) => !text.Any(char.IsControl) && MailAddress.TryCreate(text, out _);
}
