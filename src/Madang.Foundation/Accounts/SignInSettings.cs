using System.ComponentModel.DataAnnotations;

namespace Madang.Foundation.Accounts;

/// <summary>The <c>SignIn</c> section of the configuration.</summary>
internal sealed class SignInSettings
{
    /// <summary>Whether anybody may sign up. Left out, sign-up is open until the first user exists, and then as an admin says.</summary>
    public bool? AllowSignUp { get; set; }

    /// <summary>Of the access tokens that we issue.</summary>
    [Required]
    public JwtSettings Jwt { get; set; } = new();
}

/// <summary>The <c>SignIn:Jwt</c> section of the configuration.</summary>
internal sealed class JwtSettings
{
    /// <summary><c>HS256</c>, <c>RS256</c> or <c>ES256</c>.</summary>
    public string Algorithm { get; set; } = "HS256";

    /// <summary>The <c>iss</c> of our tokens.</summary>
    public string Issuer { get; set; } = "madang";

    /// <summary>The <c>aud</c> of our tokens.</summary>
    public string Audience { get; set; } = "madang";
}
