using System.Globalization;

namespace Madang.Links.Counting;

/// <summary>Names of the statistics in the language of the request.</summary>
internal static class StatsNames
{
    internal static string Device(string name) =>
        name switch
        {
            "desktop" => LinksWords.Say["links.desktop"],
            "mobile" => LinksWords.Say["links.mobile"],
            "tablet" => LinksWords.Say["links.tablet"],
            _ => name,
        };

    internal static string Language(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true).DisplayName;
        }
        catch (CultureNotFoundException)
        {
            // Visitors may ask for a language that nobody knows.
            return name;
        }
    }

    internal static string Country(string name)
    {
        try
        {
            return new RegionInfo(name).DisplayName;
        }
        catch (ArgumentException)
        {
            // Two letters that are no country.
            return name;
        }
    }
}
