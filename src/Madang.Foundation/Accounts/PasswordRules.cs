using Madang.Foundation.Data;
using Microsoft.AspNetCore.Identity;

namespace Madang.Foundation.Accounts;

/// <summary>
/// What a password must be: long enough and not what everybody guesses first; no rules about kinds of characters, which only
/// make people write them down (NIST SP 800-63B, 5.1.1.2).
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<User>
{
    internal const int Shortest = 8;

    /// <summary>OWASP, Password Storage: at least so many rounds of PBKDF2-HMAC-SHA512.</summary>
    internal const int Rounds = 210_000;
    internal const int Longest = 256;

    private static readonly HashSet<string> Guessed =
    [
        "12345678",
        "123456789",
        "1234567890",
        "0123456789",
        "87654321",
        "11111111",
        "00000000",
        "12341234",
        "11223344",
        "password",
        "password1",
        "password12",
        "password123",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "qwertyui",
        "qwerty12",
        "qwerty123",
        "qwertyuiop",
        "1q2w3e4r",
        "1q2w3e4r5t",
        "q1w2e3r4",
        "1qaz2wsx",
        "asdfghjk",
        "asdfasdf",
        "zxcvbnm1",
        "abcd1234",
        "abc12345",
        "a1234567",
        "a12345678",
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "welcome1",
        "letmein1",
        "trustno1",
        "superman",
        "starwars",
        "computer",
        "whatever",
        "dragon12",
        "monkey12",
        "admin123",
        "admin1234",
        "administrator",
        "changeme",
        "default1",
        "madang12",
        "madang123",
        "tkfkdgo1",
        "tkfkdgody",
        "dkssudgktpdy",
        "qlalfqjsgh",
        "비밀번호비밀번호",
    ];

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var isGood =
            password is not null
            && password.EnumerateRunes().Count() is >= Shortest and <= Longest
            && password.Distinct().Count() >= 4
            && Fold.Key(password) is var key
            && !Guessed.Contains(key)
            && key != Fold.Key(user.Email ?? "")
            && key != Fold.Key(user.Username);
        return Task.FromResult(isGood ? IdentityResult.Success : IdentityResult.Failed());
    }
}
