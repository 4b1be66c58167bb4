using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Madang.Foundation.Http;

/// <summary>
/// Says of every operation what the common rules give it, so that no room has to: who may call it, the headers it honours, and every
/// status it can answer.
/// </summary>
internal static class ContractOperations
{
    internal static async Task Describe(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken stop
    )
    {
        var description = context.Description;
        var metadata = description.ActionDescriptor.EndpointMetadata;
        var takes = metadata
            .OfType<MethodInfo>()
            .SelectMany(method => method.GetParameters())
            .Select(one => one.ParameterType);
        var isAnonymous = metadata.OfType<IAllowAnonymous>().Any();
        var isContract = description.RelativePath?.StartsWith("health/", StringComparison.Ordinal) != true;
        DescribeParameters(operation, description);
        DescribeHeaders(operation, takes.ToHashSet());
        operation.Security = isAnonymous
            ? []
            : [Requirement(context, ContractDescription.Bearer), Requirement(context, ContractDescription.Cookie)];
        if (!isContract)
        {
            return;
        }
        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), null, stop);
        foreach (
            var status in Statuses(operation, description, isAnonymous, takes.ToHashSet()).Except(Declared(operation))
        )
        {
            operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = Response(status, problem);
        }
    }

    private static IEnumerable<int> Statuses(
        OpenApiOperation operation,
        ApiDescription description,
        bool isAnonymous,
        HashSet<Type> takes
    )
    {
        var hasBody = operation.RequestBody is not null;
        var isRead = description.HttpMethod == HttpMethods.Get;
        if (operation.Parameters is { Count: > 0 } || hasBody)
        {
            yield return StatusCodes.Status400BadRequest;
        }
        if (!isAnonymous)
        {
            yield return StatusCodes.Status401Unauthorized;
            yield return StatusCodes.Status403Forbidden;
        }
        if (hasBody)
        {
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }
        if (isRead)
        {
            yield return StatusCodes.Status304NotModified;
        }
        else
        {
            yield return StatusCodes.Status507InsufficientStorage;
        }
        if (takes.Contains(typeof(Precondition)))
        {
            yield return StatusCodes.Status412PreconditionFailed;
        }
        yield return StatusCodes.Status429TooManyRequests;
        yield return StatusCodes.Status503ServiceUnavailable;
    }

    private static IEnumerable<int> Declared(OpenApiOperation operation) =>
        (operation.Responses ??= []).Keys.Select(status => int.Parse(status, CultureInfo.InvariantCulture));

    private static OpenApiResponse Response(int status, OpenApiSchema problem) =>
        new()
        {
            Description = ReasonPhrases.GetReasonPhrase(status),
            Content =
                status == StatusCodes.Status304NotModified
                    ? null
                    : new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/problem+json"] = new OpenApiMediaType { Schema = problem },
                    },
        };

    private static void DescribeParameters(OpenApiOperation operation, ApiDescription description)
    {
        foreach (var parameter in operation.Parameters ?? [])
        {
            var source = description.ParameterDescriptions.FirstOrDefault(one => one.Name == parameter.Name);
            if (parameter is OpenApiParameter { Name: "id", Description: null } id)
            {
                id.Description = "The id of the thing.";
            }
            if (
                parameter.Schema is OpenApiSchema schema
                && source?.ParameterDescriptor
                    is Microsoft.AspNetCore.Mvc.Infrastructure.IParameterInfoParameterDescriptor
                    {
                        ParameterInfo: { } info
                    }
            )
            {
                ContractSchemas.Apply(schema, info.GetCustomAttributes(typeof(RuleAttribute), true));
            }
        }
    }

    private static void DescribeHeaders(OpenApiOperation operation, HashSet<Type> takes)
    {
        if (takes.Contains(typeof(Precondition)))
        {
            AddHeader(operation, "If-Match", "The ETag of the thing as the client knows it; 412 when it has changed.");
        }
        if (takes.Contains(typeof(Once)))
        {
            AddHeader(
                operation,
                "Idempotency-Key",
                "1 to 255 visible ASCII characters: the same key and body within a day answers the first answer again."
            );
        }
    }

    private static void AddHeader(OpenApiOperation operation, string name, string description) =>
        (operation.Parameters ??= []).Add(
            new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Header,
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            }
        );

    private static OpenApiSecurityRequirement Requirement(OpenApiOperationTransformerContext context, string scheme) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
}
