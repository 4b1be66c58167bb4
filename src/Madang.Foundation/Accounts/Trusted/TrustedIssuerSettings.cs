using Madang.Foundation.Accounts.Outside;
using Madang.Foundation.Modules;
using Microsoft.Extensions.Configuration;

namespace Madang.Foundation.Accounts.Trusted;

/// <summary>An outside issuer whose bearer tokens are believed, a section <c>SignIn:TrustedIssuers:N</c> of the configuration.</summary>
internal sealed class TrustedIssuerSettings
{
    /// <summary>The <c>iss</c> of its tokens.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The <c>aud</c> of its ID tokens and the <c>client_id</c> of its access tokens: the application client.</summary>
    public string Audience { get; set; } = "";

    /// <summary>Where its public keys are (RFC 7517).</summary>
    public string JwksUri { get; set; } = "";

    /// <exception cref="StartupException">One could not work.</exception>
    internal static IReadOnlyList<TrustedIssuerSettings> Read(IConfiguration configuration)
    {
        var all = configuration.GetSection("SignIn:TrustedIssuers").Get<List<TrustedIssuerSettings>>() ?? [];
        for (var at = 0; at < all.Count; at++)
        {
            var one = all[at];
            if (one.Issuer.Length == 0 || one.Audience.Length == 0 || one.JwksUri.Length == 0)
            {
                throw new StartupException($"SignIn:TrustedIssuers:{at} needs Issuer, Audience and JwksUri.");
            }
            if (!OutsideCalls.IsSafe(one.JwksUri))
            {
                throw new StartupException(
                    $"SignIn:TrustedIssuers:{at}:JwksUri is '{one.JwksUri}', but must be an https URL."
                );
            }
            if (all.FindIndex(other => other.Issuer == one.Issuer) != at)
            {
                throw new StartupException($"SignIn:TrustedIssuers names '{one.Issuer}' twice.");
            }
        }
        return all;
    }
}
