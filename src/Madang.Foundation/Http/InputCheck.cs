using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;

namespace Madang.Foundation.Http;

/// <summary>Runs an input's rules outside of an endpoint's binding: for forms, which show the errors beside their fields.</summary>
public sealed class InputCheck(IOptions<ValidationOptions> options, IServiceProvider services)
{
    /// <summary>What endpoints take is of a few types, most of them without rules, and each room is asked about each type.</summary>
    private readonly ConcurrentDictionary<Type, bool> known = new();

    /// <returns>Whether there are rules for this type at all.</returns>
    private bool Knows(Type type)
    {
#pragma warning disable ASP0029
        return known.GetOrAdd(
            type,
            static (type, options) => options.TryGetValidatableTypeInfo(type, out _),
            options.Value
        );
#pragma warning restore ASP0029
    }

    /// <returns>The errors by JSON name; empty when there are none.</returns>
    internal async Task<Dictionary<string, string[]>> Errors(object input, CancellationToken stop)
    {
#pragma warning disable ASP0029 // The framework's validation is for endpoints; its parts are marked as not final.
        if (!options.Value.TryGetValidatableTypeInfo(input.GetType(), out var info))
        {
            throw new InvalidOperationException($"{input.GetType()} is no endpoint's input.");
        }
        var context = new ValidateContext
        {
            ValidationOptions = options.Value,
            ValidationContext = new ValidationContext(input, services, null),
        };
        await info.ValidateAsync(input, context, stop);
        return (context.ValidationErrors ?? []).ToDictionary(pair => JsonName(pair.Key), pair => pair.Value);
#pragma warning restore ASP0029
    }

    /// <returns>The errors of the first of an endpoint's arguments that has any.</returns>
    internal async Task<Dictionary<string, string[]>> Errors(EndpointFilterInvocationContext context)
    {
        var request = context.HttpContext.Request;
        if (HttpMethods.IsGet(request.Method) && !request.QueryString.HasValue)
        {
            // Neither a body nor a query: no rule asks a read for anything.
            return [];
        }
        for (var i = 0; i < context.Arguments.Count; i++)
        {
            if (
                context.Arguments[i] is { } argument
                && Knows(argument.GetType())
                && await Errors(argument, context.HttpContext.RequestAborted) is { Count: > 0 } errors
            )
            {
                return errors;
            }
        }
        return [];
    }

    private static string JsonName(string path) =>
        string.Join('.', path.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}

/// <summary>
/// Checks what every call of the API was given, before its endpoint runs. The framework's own filter would name the fields by their
/// C# names and answer in its own shape.
/// </summary>
internal sealed class CheckInput(InputCheck check) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (MalformedQuery.IsIn(context.HttpContext))
        {
            return MalformedQuery.Name(context.HttpContext) is { } name
                ? Refused.Field(name, "rule.malformed")
                : new Refused(StatusCodes.Status400BadRequest);
        }
        var errors = await check.Errors(context);
        return errors.Count == 0
            ? await next(context)
            : new Refused(StatusCodes.Status400BadRequest) { Errors = errors };
    }
}
