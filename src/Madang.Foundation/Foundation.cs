[assembly: System.Resources.NeutralResourcesLanguage("en", System.Resources.UltimateResourceFallbackLocation.Satellite)]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.Tests")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("madang")]
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Madang.HttpBench")]

namespace Madang.Foundation;

/// <summary>What every room stands on.</summary>
internal static class Yard;
