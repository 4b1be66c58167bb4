using Microsoft.Extensions.DependencyInjection;

namespace Madang.Library.Lending;

/// <summary>Registers what lending needs.</summary>
internal static class LendingServices
{
    internal static void AddLending(this IServiceCollection services)
    {
        services.AddSingleton<LoanStore>().AddSingleton<LoanLists>().AddSingleton<HoldStore>();
    }
}
