using System.Text;
using System.Text.Json;
using Madang.Foundation.Accounts;
using Madang.Foundation.Http;
using Madang.Foundation.Moving;
using Madang.Foundation.Web;
using Madang.Links.Shortening;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Madang.Links.Moving;

/// <summary>What is pasted to be shortened.</summary>
public sealed record BulkTextInput
{
    /// <summary>Lines of addresses, or CSV.</summary>
    [Needed]
    public string? Text { get; init; }
}

/// <summary>A pasted line, and what became of it.</summary>
internal sealed record BulkLine(int Line, string Url, Link? Link, string? Fault, bool IsNew);

/// <summary>What became of a text.</summary>
/// <param name="Lines">Of each of its lines.</param>
/// <param name="Rest">Those of its lines that no link was made of, to be mended; empty when there are none.</param>
internal sealed record BulkOutcome(IReadOnlyList<BulkLine> Lines, string Rest);

/// <summary>The page on which many links are made from pasted lines.</summary>
internal static class BulkPages
{
    internal static void MapBulkPage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/links/bulk", () => Page(null)).AsPage();
        routes
            .MapPost("/links/bulk", Make)
            .AsForm()
            .WithMetadata(new RequestSizeLimitAttribute(BulkEndpoint.MostBytes));
    }

    private static async Task<IResult> Make(
        Form<BulkTextInput> form,
        ManyLinks many,
        LinkRules rules,
        ContractJson json,
        TimeProvider clock,
        HttpContext http,
        CurrentUser me,
        CancellationToken stop
    )
    {
        if (form.Input is not { } input)
        {
            return Page(form);
        }
        List<IncomingItem> items;
        try
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(input.Text!));
            items =
            [
                .. new LinkFile(text, LinkSource.Of("csv"))
                    .Read(clock.GetUtcNow(), url => rules.FaultOf(url, http))
                    .Take(BulkEndpoint.Most + 1),
            ];
        }
        catch (BrokenImportException broken)
        {
            return Page(form.With(Bad(ImportSentences.OfFile(broken.Problem))));
        }
        if (items.Count > BulkEndpoint.Most)
        {
            return Page(form.With(Bad(LinksWords.Say["links.too_many"])));
        }
        var good = items.FindAll(item => item.Link is not null);
        var judged = await many.Judge(
            good.Select(item => JsonSerializer.SerializeToElement(item.Link!.Input, json.TypeInfo<LinkInput>())),
            http,
            stop
        );
        // The page that is looked at again posts the same lines again.
        var made = await many.MakeInParts(judged, me.Id, http, stop, findsSame: true);
        var results = good.Zip(made).ToDictionary(pair => pair.First, pair => pair.Second);
        var lines = items.ConvertAll(item => Of(item, results.GetValueOrDefault(item)));
        var failed = lines.Where(line => line.Link is null).Select(line => line.Line);
        return Page(null, new(lines, PastedText.Of(input.Text!, lines.Select(line => line.Line), failed)));
    }

    private static BulkLine Of(IncomingItem item, BulkResult? result) =>
        new(
            item.Line,
            item.Url,
            result?.Link,
            item.Fault is not null ? LinksWords.Say[item.Fault]
                : result?.Problem is { } problem ? problem.Errors?.Values.First()[0] ?? problem.Detail
                : null,
            result?.Status == StatusCodes.Status201Created
        );

    private static Refused Bad(string sentence) =>
        new(StatusCodes.Status400BadRequest) { Errors = new Dictionary<string, string[]> { ["text"] = [sentence] } };

    private static IResult Page(IForm? form, BulkOutcome? outcome = null) =>
        Pages.Show<BulkPage>(new { Form = form, Outcome = (object?)outcome }, form?.Status ?? StatusCodes.Status200OK);
}
