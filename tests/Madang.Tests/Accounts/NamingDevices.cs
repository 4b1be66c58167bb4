using Madang.Foundation.Accounts;
using Microsoft.AspNetCore.Http;

namespace Madang.Tests.Accounts;

/// <summary>What is kept of a User-Agent.</summary>
public sealed class NamingDevices
{
    [Theory]
    [InlineData(198, 200)]
    [InlineData(199, 199)]
    [InlineData(200, 200)]
    public void A_long_one_is_cut_between_characters_never_within_one(int letters, int kept)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.UserAgent = $"{new string('a', letters)}🎉 and more";

        var agent = Client.Of(http).Agent;

        Assert.Equal(kept, agent.Length);
        Assert.DoesNotContain('\uFFFD', string.Concat(agent.EnumerateRunes()));
    }
}
