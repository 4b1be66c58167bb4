using Madang.Foundation.Http;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts.Outside;

/// <summary>Says why nobody came in: a page to a browser, a problem to a program.</summary>
internal sealed class OutsideFailure(Trouble trouble, ProviderOptions? provider) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        Failures.WantsPage(httpContext)
            ? Pages
                .Show<OutsideFailurePage>(
                    new
                    {
                        Word = trouble.Word(),
                        Status = trouble.Status(),
                        Provider = provider?.DisplayName,
                        IsFirst = trouble == Trouble.First,
                    },
                    trouble.Status()
                )
                .ExecuteAsync(httpContext)
            : new Refused(trouble.Status(), trouble.Word()).ExecuteAsync(httpContext);
}
