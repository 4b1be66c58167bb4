namespace Madang.Links.Moving;

/// <summary>Where each field stands in the files of one program: names without case and signs, the first that is there counts.</summary>
/// <param name="Name">As people name it.</param>
internal sealed record LinkSource(string Name)
{
    internal string[] Url { get; init; } = ["url"];
    internal string[] Slug { get; init; } = [];

    /// <summary>The whole short address, whose path is the slug.</summary>
    internal string[] ShortUrl { get; init; } = [];
    internal string[] Title { get; init; } = ["title"];
    internal string[] Tags { get; init; } = ["tags"];
    internal string[] Notes { get; init; } = [];
    internal string[] Created { get; init; } = ["createdat"];
    internal string[] Starts { get; init; } = [];
    internal string[] Expires { get; init; } = [];
    internal string[] Limit { get; init; } = [];
    internal string[] People { get; init; } = [];
    internal string[] Bots { get; init; } = [];

    /// <summary>Those of which bots are a part.</summary>
    internal string[] All { get; init; } = [];
    internal string[] Forward { get; init; } = [];
    internal string[] Visibility { get; init; } = [];
    internal string[] Status { get; init; } = [];
    internal string[] Fallback { get; init; } = [];
    internal string[] Archived { get; init; } = [];
    internal string[] Protected { get; init; } = [];
    internal string[] Banned { get; init; } = [];

    /// <summary>What stands between tags in a CSV file.</summary>
    internal char[] TagSigns { get; init; } = [',', ';', '|'];

    /// <summary>Whether it is our own export, whose tags and formulas are written so that they can be read exactly.</summary>
    internal bool IsOwn => Name == "madang";

    internal static IReadOnlyList<string> Names { get; } = ["madang", "csv", "shlink", "kutt", "yourls", "bitly"];

    internal static LinkSource Of(string name) =>
        name switch
        {
            "shlink" => new(name)
            {
                // The REST API, the web client's CSV, and the CSV that Shlink itself imports.
                Url = ["longurl"],
                Slug = ["shortcode"],
                ShortUrl = ["shorturl"],
                Created = ["datecreated", "createdat"],
                Starts = ["meta.validsince"],
                Expires = ["meta.validuntil"],
                Limit = ["meta.maxvisits"],
                Bots = ["visitssummary.bots"],
                All = ["visitssummary.total", "visitscount", "visits"],
                Forward = ["forwardquery"],
                TagSigns = ['|'],
            },
            "kutt" => new(name)
            {
                Url = ["target"],
                Slug = ["address"],
                ShortUrl = ["link"],
                Title = ["description"],
                Expires = ["expirein"],
                People = ["visitcount"],
                Protected = ["password"],
                Banned = ["banned"],
            },
            "yourls" => new(name)
            {
                Slug = ["keyword"],
                ShortUrl = ["shorturl"],
                Created = ["timestamp"],
                People = ["clicks"],
            },
            "bitly" => new(name)
            {
                Url = ["longurl", "destinationurl", "destination"],
                ShortUrl = ["customlink", "custombitlinks", "link", "bitlink", "shortlink", "id"],
                Created = ["createdat", "datecreated", "created"],
                People = ["clicks", "totalclicks", "engagements", "totalengagements"],
                Archived = ["archived"],
            },
            "madang" => new(name)
            {
                Slug = ["slug"],
                Notes = ["notes"],
                Starts = ["startsat"],
                Expires = ["expiresat"],
                Limit = ["maxvisits"],
                People = ["people"],
                Bots = ["bots"],
                Forward = ["forwardquery"],
                Visibility = ["visibility"],
                Status = ["redirectstatus"],
                Fallback = ["fallbackurl"],
                Archived = ["archivedat"],
                Protected = ["haspassword"],
                TagSigns = ['|'],
            },
            _ => new(name)
            {
                Url = ["url", "longurl", "target", "destination", "address", "link"],
                Slug = ["slug", "shortcode", "keyword", "alias", "code"],
                Title = ["title", "name"],
                Notes = ["notes", "description"],
                Starts = ["startsat", "starts"],
                Expires = ["expiresat", "expires"],
                Limit = ["maxvisits"],
                Forward = ["forwardquery"],
                Visibility = ["visibility"],
                Status = ["redirectstatus"],
                Fallback = ["fallbackurl"],
                Protected = ["password", "haspassword"],
            },
        };
}
