using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Madang.Foundation.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Mail;

/// <summary>One mail to one person. Nothing in it was typed by anybody but the address, so nobody can send his own words through us.</summary>
/// <param name="To">The address.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">The mail as plain text.</param>
/// <param name="Html">The same as HTML.</param>
internal sealed record Letter(string To, string Subject, string Text, string Html);

/// <summary>
/// Gives mail to the SMTP server of the configuration. It is called by handlers of the outbox only, which try again what failed; what
/// the server refuses for good is not tried again.
/// </summary>
internal sealed partial class Mailer(IOptions<MailSettings> options, IConfiguration configuration, ILogger<Mailer> log)
{
    /// <summary>How long a server may take for one mail; shorter than what a handler has.</summary>
    internal TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether this yard sends mail.</summary>
    internal bool IsOn => options.Value.IsOn;

    /// <returns>False when the server will never take a mail for this address.</returns>
    /// <exception cref="SmtpException">It was not sent; another time it may be.</exception>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    internal async Task<bool> Send(Letter letter, CancellationToken stop)
    {
        // The framework reads comments and quotes in an address; what it reads otherwise than it stands there is no address for us.
        if (!MailAddress.TryCreate(letter.To, out var to) || to.Address != letter.To)
        {
            NotAnAddress(log);
            return false;
        }
        var settings = options.Value;
        using var client = new SmtpClient(settings.Host, settings.Port)
        {
            EnableSsl = settings.Tls == "starttls",
            // SMTPUTF8 (RFC 6531) only where nothing else will do: not every server on the way may know it.
            DeliveryFormat = Ascii.IsValid(to.User) ? SmtpDeliveryFormat.SevenBit : SmtpDeliveryFormat.International,
        };
        if (settings.User is { Length: > 0 } user)
        {
            client.Credentials = new NetworkCredential(user, settings.Password);
        }
        using var message = Compose(letter, to, settings.From!);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            // The client looks at the token between its steps only.
            await client.SendMailAsync(message, limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (SmtpFailedRecipientException refused) when ((int)refused.StatusCode is >= 500 and < 600)
        {
            // RFC 5321, 4.2.1: a 5yz reply to RCPT says not to try again.
            Refused(log, (int)refused.StatusCode);
            return false;
        }
        catch (SmtpException error) when (error.InnerException is { } cause)
        {
            // The client's own sentence says only that it failed; whoever looks for the reason needs the cause.
            throw new SmtpException($"{error.Message} {cause.Message}", error);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"The mail server did not answer within {Limit.TotalSeconds} s.");
        }
    }

    private MailMessage Compose(Letter letter, MailAddress to, string from)
    {
        var sender = new MailAddress(from);
        var message = new MailMessage(new MailAddress(sender.Address, sender.DisplayName, Encoding.UTF8), to)
        {
            Subject = letter.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        message.AlternateViews.Add(View(letter.Text, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(View(letter.Html, MediaTypeNames.Text.Html));
        message.Headers.Add(
            "Message-ID",
            $"<{Guid.NewGuid():N}@{new Uri(PublicUrl.Configured(configuration)).IdnHost}>"
        );
        // RFC 3834: no out-of-office notes in answer.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private static AlternateView View(string content, string type) =>
        AlternateView.CreateAlternateViewFromString(content, new ContentType(type) { CharSet = Encoding.UTF8.WebName });

    [LoggerMessage(1501, LogLevel.Warning, "The mail server takes no mail for an address, and said so with {Status}.")]
    private static partial void Refused(ILogger log, int status);

    [LoggerMessage(1502, LogLevel.Warning, "A mail is not sent: its address is none that mail can go to.")]
    private static partial void NotAnAddress(ILogger log);
}
