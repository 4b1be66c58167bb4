using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Accounts;

namespace Madang.Tests.Accounts;

/// <summary>The signatures that RFC 7515 gives as examples, and that nothing else is taken for one.</summary>
public sealed class JsonWebTokens
{
    private const string Payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    [Fact]
    public void The_HMAC_example_of_RFC_7515_verifies() =>
        Verifies(
            new(
                "",
                "HS256",
                Bytes("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
            ),
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );

    [Fact]
    public void The_RSA_example_of_RFC_7515_verifies()
    {
        using var rsa = RSA.Create(
            new RSAParameters
            {
                Modulus = Bytes(
                    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
                ),
                Exponent = Bytes("AQAB"),
                D = Bytes(
                    "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ"
                ),
                P = Bytes(
                    "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc"
                ),
                Q = Bytes(
                    "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc"
                ),
                DP = Bytes(
                    "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0"
                ),
                DQ = Bytes(
                    "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU"
                ),
                InverseQ = Bytes(
                    "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"
                ),
            }
        );
        Verifies(
            new("", "RS256", rsa.ExportPkcs8PrivateKey()),
            "eyJhbGciOiJSUzI1NiJ9",
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
        );
    }

    [Fact]
    public void The_elliptic_curve_example_of_RFC_7515_verifies()
    {
        using var ec = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new()
                {
                    X = Bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                    Y = Bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
                },
                D = Bytes("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
            }
        );
        Verifies(
            new("", "ES256", ec.ExportPkcs8PrivateKey()),
            "eyJhbGciOiJFUzI1NiJ9",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
        );
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public void A_token_with_any_one_character_changed_never_verifies(string algorithm)
    {
        var key = SigningKey.New(algorithm);
        var token = Jwt.Sign(key, Encoding.UTF8.GetBytes("""{"sub":"1","iss":"madang","text":"마당"}"""));
        Assert.Equal("마당", Jwt.Text(Jwt.Verify(token, key)!.Value, "text"));
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n가";
        var places = Gen.Choose(0, token.Length - 1);
        var letters = Gen.Elements(Alphabet.ToCharArray());
        Prop.ForAll(
                Gen.Zip(places, letters).ToArbitrary(),
                change =>
                {
                    var (at, letter) = change;
                    var other = token[..at] + letter + token[(at + 1)..];
                    return other == token || Jwt.Verify(other, key) is null;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public void A_key_verifies_by_its_own_algorithm_alone(string algorithm)
    {
        var key = SigningKey.New(algorithm);
        Assert.NotNull(Jwt.Verify(Named(algorithm), key));
        // The signature is the key's own, over a header that names another algorithm (RFC 8725, 3.1).
        foreach (var other in new[] { "HS256", "RS256", "ES256", "PS256", "RS512", "none", "None", "" })
        {
            Assert.True(other == algorithm || Jwt.Verify(Named(other), key) is null, other);
        }

        string Named(string name)
        {
            var signed = $"{Encode($$"""{"alg":"{{name}}","kid":"{{key.Kid}}"}""")}.{Encode("{}")}";
            return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
        }

        static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public void A_public_key_is_no_shared_secret()
    {
        var rsa = SigningKey.New("RS256");
        // Whoever knows a public key signs with it as if it were a shared secret (RFC 8725, 2.1).
        var confused = Jwt.Sign(new SigningKey(rsa.Kid, "HS256", rsa.Material), "{}"u8);
        Assert.Null(Jwt.Verify(confused, rsa));
        Assert.Null(Jwt.Verify(Jwt.Sign(rsa, "{}"u8), SigningKey.New("ES256")));
    }

    private static void Verifies(SigningKey key, string header, string signature)
    {
        var claims = Jwt.Verify($"{header}.{Payload}.{signature}", key);
        Assert.Equal("joe", Jwt.Text(claims!.Value, "iss"));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1300819380), Jwt.Time(claims.Value, "exp"));
        Assert.Null(Jwt.Verify($"{header}.{Payload}.{signature[..^4]}", key));
    }

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);
}
