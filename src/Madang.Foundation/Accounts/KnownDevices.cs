using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts;

/// <summary>
/// Browsers in which somebody has signed in before, known by an encrypted cookie (OWASP, Authentication: device cookies). Their tries
/// are counted apart: so nobody can lock the owner of an account out of his own browser, not even from his own network.
/// </summary>
internal sealed class KnownDevices(IDataProtectionProvider protection)
{
    internal const string CookieName = "madang_device";

    /// <summary>How long a browser is remembered after its last sign-in.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    private readonly ITimeLimitedDataProtector protector = protection
        .CreateProtector("Madang.KnownDevices")
        .ToTimeLimitedDataProtector();

    /// <returns>From where the request comes, with the device when it is known for this e-mail.</returns>
    internal Client Recognise(HttpContext http, string email) =>
        Client.Of(http) with
        {
            Device =
                Read(http) is { } device && device.StartsWith(Prefix(email), StringComparison.Ordinal) ? device : null,
        };

    /// <summary>Remembers the browser that has just signed in with this e-mail.</summary>
    internal void Remember(HttpContext http, string email) =>
        http.Response.Cookies.Append(
            CookieName,
            protector.Protect(
                Recognise(http, email).Device
                    ?? Prefix(email) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
                Memory
            ),
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
                MaxAge = Memory,
                IsEssential = true,
            }
        );

    private string? Read(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[CookieName] is { Length: > 0 and < 1000 } cookie
                ? protector.Unprotect(cookie)
                : null;
        }
        catch (CryptographicException)
        {
            // Forged, too old, or of another yard: a stranger.
            return null;
        }
    }

    private static string Prefix(string email) => Convert.ToHexStringLower(SignInAttempts.Hash(email)) + ":";
}
