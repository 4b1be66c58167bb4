using System.Security.Cryptography;
using Madang.Foundation.Accounts;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Madang.Foundation.Checkups;

/// <summary>Whether the keys for access tokens and for cookies are there and can be used.</summary>
internal sealed class KeysCheckup(SigningKeys signing, IKeyManager cookies, TimeProvider clock) : ICheckup
{
    public string Name => "keys";

    public async Task<IReadOnlyList<Finding>> Look(CancellationToken stop)
    {
        var tokenKeys = await signing.All(stop);
        var cookieKeys = await Task.Run(() => cookies.GetAllKeys().ToList(), stop);
        if (tokenKeys.Count == 0 && cookieKeys.Count == 0)
        {
            return Finding.Ok("none yet: the first start makes them");
        }
        if (tokenKeys.FirstOrDefault(key => !Works(key)) is { } broken)
        {
            return Finding.Problem($"the signing key {broken.Kid} cannot be used: run 'madang keys rotate'");
        }
        var now = clock.GetUtcNow();
        var usable = cookieKeys.FindAll(key => !key.IsRevoked && key.ExpirationDate > now);
        return usable.Exists(key => !Works(key))
                ? Finding.Problem("a key for cookies cannot be read: restore the database from a backup")
            : usable.Count == 0 ? Finding.Warning("no key for cookies is valid: the next start makes one")
            : Finding.Ok($"{tokenKeys.Count} for access tokens, {usable.Count} for cookies");
    }

    private static bool Works(SigningKey key)
    {
        try
        {
            byte[] data = [1, 2, 3];
            return key.Verify(data, key.Sign(data));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool Works(IKey key)
    {
        try
        {
            return key.CreateEncryptor() is not null;
        }
        catch (Exception error) when (error is CryptographicException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
