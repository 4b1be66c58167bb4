using System.Text.Json.Serialization;

namespace Madang.Foundation.Http;

/// <summary>A failed answer, <c>application/problem+json</c> (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>A URI that names the kind of problem.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong here, and what to do about it.</summary>
    public required string Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public required string Instance { get; init; }

    /// <summary>By this the operator finds the request in the log.</summary>
    public required string TraceId { get; init; }

    /// <summary>Of bad input, what is wrong with each field, by its JSON name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>One English sentence for small clients, on the root routes only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}
