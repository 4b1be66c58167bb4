using System.Net;
using System.Text;

namespace Madang.Tests.Contract;

/// <summary>A request that must fail, and how.</summary>
/// <param name="Rule">The rule it breaks.</param>
/// <param name="Operation">Of which operation.</param>
/// <param name="Message">The request itself.</param>
/// <param name="Statuses">What it may be answered.</param>
/// <param name="Field">The field that <c>errors</c> must name, or null.</param>
public sealed record BadRequest(
    string Rule,
    Operation Operation,
    HttpRequestMessage Message,
    HttpStatusCode[] Statuses,
    string? Field
);

/// <summary>Breaks each rule of the contract's "Bad input" row on an operation, as its description says what it takes.</summary>
internal static class BadRequests
{
    private static readonly string Huge = new('x', 2 * 1024 * 1024);

    internal static IEnumerable<BadRequest> Of(Operation operation) =>
        Wholes(operation).Concat(Fields(operation)).Concat(Queries(operation)).Concat(Headers(operation));

    /// <summary>Bodies that are wrong as a whole.</summary>
    private static IEnumerable<BadRequest> Wholes(Operation operation)
    {
        if (operation.Body is null)
        {
            yield break;
        }
        foreach (var text in new[] { "{\"a\":", "", "[]", "\"text\"", "12", "null", "{\"a\":1}}", "nonsense" })
        {
            yield return Json($"the body {text}", operation, text);
        }
        yield return Json("deep nesting", operation, new string('[', 5000));
        yield return Json(
            "a field twice",
            operation,
            $$"""{"{{operation.Fields.First().Name}}":"a","{{operation.Fields.First().Name}}":"b"}"""
        );
        yield return Make("bytes that are no UTF-8", operation, NoUtf8(operation.Fields.First().Name), null);
        var large = Json("a body of 2 MiB", operation, $$"""{"text":"{{Huge}}"}""") with
        {
            Statuses = [HttpStatusCode.RequestEntityTooLarge],
        };
        // The client asks before it sends, so that the refusal doesn't meet it half-way.
        large.Message.Headers.ExpectContinue = true;
        yield return large;
        yield return Make(
            "text/plain",
            operation,
            new StringContent(operation.GoodBody().ToJsonString(), Encoding.UTF8, "text/plain"),
            null
        ) with
        {
            Statuses = [operation.Path == "/memo" ? HttpStatusCode.BadRequest : HttpStatusCode.UnsupportedMediaType],
        };
    }

    /// <summary>One wrong field in a body that is right otherwise.</summary>
    private static IEnumerable<BadRequest> Fields(Operation operation)
    {
        foreach (var (name, schema) in operation.Fields)
        {
            yield return Field(operation, "an object", name, "{}");
            if (!Operation.Is(schema, "array"))
            {
                yield return Field(operation, "a list", name, "[1]");
            }
            yield return Field(operation, "a number out of range", name, "99999999999999999999999999");
            if (!Operation.Is(schema, "null"))
            {
                yield return Field(operation, "null", name, "null");
            }
            if (operation.IsNeeded(name))
            {
                var body = operation.GoodBody();
                body.Remove(name);
                yield return Json($"{name} is missing", operation, body.ToJsonString()) with
                {
                    Field = name,
                };
                yield return Field(operation, "white space", name, "\"  \"");
            }
            if (Operation.Is(schema, "string"))
            {
                yield return Field(operation, "a boolean", name, "true");
                yield return Field(operation, "NUL", name, "\"a\\u0000b\"");
                yield return Field(operation, "a lone surrogate", name, "\"a\\ud800b\"");
                yield return Field(operation, "what cannot be normalised", name, "\"a\\ufffeb\"");
            }
            else
            {
                yield return Field(operation, "a text", name, "\"yes\"");
            }
            if (schema.TryGetProperty("maxLength", out var longest))
            {
                yield return Field(operation, "too long", name, $"\"{new string('가', longest.GetInt32() + 1)}\"");
            }
            if (schema.TryGetProperty("enum", out _))
            {
                yield return Field(operation, "an unknown word", name, "\"unknown\"");
            }
        }
    }

    private static IEnumerable<BadRequest> Queries(Operation operation)
    {
        foreach (var parameter in operation.Parameters.Where(one => one.GetProperty("in").GetString() == "query"))
        {
            var name = parameter.GetProperty("name").GetString()!;
            var schema = parameter.GetProperty("schema");
            yield return Query(operation, name, "%00") with
            {
                Field = null,
            };
            yield return Query(operation, name, "%ef%bf%be") with
            {
                Field = null,
            };
            if (Operation.Is(schema, "integer"))
            {
                yield return Query(operation, name, "abc");
                yield return Query(operation, name, "99999999999999999999");
                yield return Query(operation, name, $"{schema.GetProperty("minimum").GetInt64() - 1}");
                yield return Query(operation, name, $"{schema.GetProperty("maximum").GetInt64() + 1}");
            }
            if (Operation.Is(schema, "boolean"))
            {
                yield return Query(operation, name, "maybe");
            }
            if (schema.TryGetProperty("enum", out _))
            {
                yield return Query(operation, name, "unknown");
            }
            if (schema.TryGetProperty("maxLength", out var longest))
            {
                yield return Query(operation, name, new string('x', longest.GetInt32() + 1));
            }
            if (name == "cursor")
            {
                yield return Query(operation, name, "nonsense");
                yield return Query(operation, name, "%ED%A0%80");
            }
        }
    }

    private static IEnumerable<BadRequest> Headers(Operation operation)
    {
        var names = operation
            .Parameters.Where(one => one.GetProperty("in").GetString() == "header")
            .Select(one => one.GetProperty("name").GetString());
        // What takes another body than JSON looks at that first.
        if (operation.Body is not null && names.Contains("Idempotency-Key"))
        {
            var long_ = Json("a key that is too long", operation, operation.GoodBody().ToJsonString());
            long_.Message.Headers.Add("Idempotency-Key", new string('k', 256));
            yield return long_;
        }
    }

    private static ByteArrayContent NoUtf8(string field)
    {
        var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes($"{{\"{field}\":\""), 0xFF, 0xFE, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private static BadRequest Field(Operation operation, string what, string name, string value)
    {
        var body = operation.GoodBody();
        body[name] = "@@";
        return Json(
            $"{name} is {what}",
            operation,
            body.ToJsonString().Replace("\"@@\"", value, StringComparison.Ordinal)
        ) with
        {
            Field = name,
        };
    }

    private static BadRequest Query(Operation operation, string name, string value) =>
        new(
            $"?{name}={value[..Math.Min(value.Length, 30)]}",
            operation,
            new HttpRequestMessage(operation.Method, operation.Url($"?{name}={value}")),
            [HttpStatusCode.BadRequest],
            name
        );

    private static BadRequest Json(string rule, Operation operation, string body) =>
        Make(rule, operation, new StringContent(body, Encoding.UTF8, "application/json"), null);

    private static BadRequest Make(string rule, Operation operation, HttpContent content, string? field) =>
        new(
            rule,
            operation,
            new HttpRequestMessage(operation.Method, operation.Url()) { Content = content },
            [HttpStatusCode.BadRequest],
            field
        );
}
