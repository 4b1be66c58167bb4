using System.Diagnostics;
using System.Globalization;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Http;

/// <summary>
/// An expected failure as a value: its status, the word of its sentence and, of bad input, the errors by JSON name. Every failed
/// JSON answer of the program is written here.
/// </summary>
/// <param name="status">400 to 599.</param>
/// <param name="word">The key of the sentence that says what went wrong, or null for the status's own.</param>
/// <param name="words">Whose sentence it is; null for the frame's.</param>
public sealed class Refused(int status, string? word = null, Words? words = null) : IResult, IStatusCodeHttpResult
{
    /// <inheritdoc />
    public int? StatusCode => status;

    /// <summary>What is wrong with each field, by its JSON name.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The sentence, in the language of the request.</summary>
    public string Sentence => SentenceIn(CultureInfo.CurrentUICulture);

    /// <summary>Bad input: 400 with the errors of one field.</summary>
    /// <param name="field">Its JSON name.</param>
    /// <param name="word">The key of the sentence about it.</param>
    /// <param name="words">Whose sentence it is; null for the frame's.</param>
    public static Refused Field(string field, string word, Words? words = null) =>
        new(400) { Errors = new Dictionary<string, string[]> { [field] = [(words ?? FrameWords.Say)[word]] } };

    /// <returns>What is answered, for an answer that holds several.</returns>
    public Problem ProblemFor(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var say = FrameWords.Say;
        return new Problem
        {
            Type = "about:blank",
            Title = say.Find($"problem.{status}") ?? say["problem.other"],
            Status = status,
            Detail = Sentence,
            Instance = httpContext.Request.PathBase + httpContext.Request.Path,
            TraceId = Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier,
            Errors = Errors,
            Error = IsForSmallClients(httpContext) ? SentenceIn(Languages.English) : null,
        };
    }

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        return httpContext.Response.WriteAsJsonAsync(
            ProblemFor(httpContext),
            httpContext.RequestServices.GetRequiredService<ContractJson>().TypeInfo<Problem>(),
            "application/problem+json",
            CancellationToken.None
        );
    }

    private static bool IsForSmallClients(HttpContext http) =>
        Failures.EndpointOf(http)?.Metadata.GetMetadata<SmallClientRoute>() is not null;

    private string SentenceIn(CultureInfo language) =>
        word is null
            ? FrameWords.Say.Find($"problem.{status}.detail", language)
                ?? FrameWords.Say.In(language, "problem.other.detail")
            : (words ?? FrameWords.Say).In(language, word);
}
