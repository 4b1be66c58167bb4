using Madang.Foundation.Modules;
using Madang.Host;
using Madang.Tests.Yards;

namespace Madang.Tests.Outside;

/// <summary>What could only fail when the first person comes keeps the server from starting, with one sentence.</summary>
public sealed class ConfiguringWrong
{
    private const string Client = "--SignIn:Providers:naver:ClientId=a";
    private const string Secret = "--SignIn:Providers:naver:ClientSecret=b";
    private const string Public = "--Public:BaseUrl=https://yard.example.com";
    private const string Issuer = "--SignIn:TrustedIssuers:0:Issuer=https://id.example.com";
    private const string Audience = "--SignIn:TrustedIssuers:0:Audience=yard";

    [Theory]
    [InlineData("Public:BaseUrl", Client, Secret)]
    [InlineData("ClientSecret", Client, Public)]
    [InlineData(
        "https URL",
        Client,
        Secret,
        Public,
        "--SignIn:Providers:naver:TokenEndpoint=http://nid.naver.com/token"
    )]
    [InlineData("https URL", Client, Secret, Public, "--SignIn:Providers:naver:UserInformationEndpoint=nonsense")]
    [InlineData(
        "needs an Issuer",
        Public,
        "--SignIn:Providers:acme:ClientId=a",
        "--SignIn:Providers:acme:ClientSecret=b"
    )]
    [InlineData(
        "letters, digits",
        Public,
        "--SignIn:Providers:a/b:ClientId=a",
        "--SignIn:Providers:a/b:ClientSecret=b"
    )]
    [InlineData("needs Issuer, Audience and JwksUri", Issuer, Audience)]
    [InlineData("https URL", Issuer, Audience, "--SignIn:TrustedIssuers:0:JwksUri=http://id.example.com/keys")]
    public async Task It_is_told_at_start(string words, params string[] settings)
    {
        using var folder = new TemporaryFolder();
        var error = await Assert.ThrowsAsync<StartupException>(() =>
            Server.Start(
                "http://127.0.0.1:0",
                null,
                [folder.Setting, .. settings],
                null,
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task In_production_people_are_sent_back_to_the_public_address_whatever_name_they_came_by()
    {
        await using var yard = await NewYards.OnSqlite.Start(Client, Secret, Public);
        using var answer = await yard.Anonymous.Send(HttpMethod.Get, "/login/naver", null, ("Host", "evil.example"));
        Assert.Contains(
            "redirect_uri=https%3A%2F%2Fyard.example.com%2Fauth%2Fnaver",
            answer.Headers.Location!.Query,
            StringComparison.Ordinal
        );
        Assert.Equal("nid.naver.com", answer.Headers.Location.Host);
    }
}
