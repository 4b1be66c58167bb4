using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Mail;

/// <summary>How the owner of an address finds that it has an account, and sets a password.</summary>
internal static class ForgottenPassword
{
    internal const string Next = "겨울에도 만나요 2";

    internal static async Task ResetPassword(this SmtpServer smtp, Yard yard, string email)
    {
        await yard.Anonymous.Send(HttpMethod.Post, "/api/v1/auth/reset", new { email }).Is(HttpStatusCode.Accepted);
        Letter? letter = null;
        await Probe.Until(() =>
            (letter = smtp.For(email).LastOrDefault(one => one.Text.Contains("/reset?", StringComparison.Ordinal)))
                is not null
        );
        await yard
            .Anonymous.Send(
                HttpMethod.Put,
                "/api/v1/auth/reset",
                new { token = letter!.Token, new_password = Next },
                ("Accept-Language", "ko")
            )
            .Is(HttpStatusCode.NoContent);
    }
}
