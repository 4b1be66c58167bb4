using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Contract;

public sealed class BadInputOnSqlite(SqliteYard yard) : BadInput(yard), IClassFixture<SqliteYard>;

public sealed class BadInputOnPostgres(PostgresYard yard) : BadInput(yard), IClassFixture<PostgresYard>;

/// <summary>Every rule of the contract's "Bad input" row on every operation that the OpenAPI document names.</summary>
public abstract class BadInput(Yard yard)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_broken_rule_is_told_by_its_field_and_never_breaks_the_server()
    {
        var operations = await Operation.All(yard, Stop);
        var tried = 0;
        var failures = new List<string>();
        foreach (var bad in operations.SelectMany(BadRequests.Of))
        {
            tried++;
            if (await Fault(bad) is { } fault)
            {
                failures.Add($"{bad.Operation} with {bad.Rule}: {fault}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {tried}:\n{string.Join('\n', failures)}");
        Assert.True(tried > 300, $"Only {tried} were tried.");
    }

    [Fact]
    public async Task Fields_that_nobody_knows_are_ignored()
    {
        var failures = new List<string>();
        foreach (var operation in (await Operation.All(yard, Stop)).Where(one => one.Body is not null))
        {
            var body = operation.GoodBody();
            body["nobody_knows"] = 1;
            var plain = await Send(operation, operation.GoodBody().ToJsonString());
            var answer = await Send(operation, body.ToJsonString());
            // Whatever the good body comes to, the unknown field must not change it; a second account is the one exception.
            var isSame = answer.StatusCode == plain.StatusCode || answer.StatusCode == HttpStatusCode.Conflict;
            if (
                !isSame
                || (await answer.Content.ReadAsStringAsync(Stop)).Contains("nobody_knows", StringComparison.Ordinal)
            )
            {
                failures.Add($"{operation}: {(int)plain.StatusCode}, then {(int)answer.StatusCode}");
            }
        }
        Assert.Empty(failures);
    }

    [Fact]
    public async Task An_id_that_no_thing_can_have_is_not_found()
    {
        foreach (
            var operation in (await Operation.All(yard, Stop)).Where(one =>
                one.Path.Contains("{id}", StringComparison.Ordinal)
            )
        )
        {
            foreach (var id in new[] { "99999999999999999999", "-1", "0", "%00", "abc", "1e3", "%ED%A0%80", "1%2F2" })
            {
                using var request = new HttpRequestMessage(
                    operation.Method,
                    operation.Path.Replace("{id}", id, StringComparison.Ordinal)
                );
                if (operation.Body is not null)
                {
                    request.Content = new StringContent(operation.GoodBody().ToJsonString(), null, "application/json");
                }
                var answer = await yard.Admin.Client.SendAsync(request, Stop);
                Assert.True(
                    answer.StatusCode
                        is HttpStatusCode.NotFound
                            or HttpStatusCode.BadRequest
                            or HttpStatusCode.MethodNotAllowed,
                    $"{operation} {id}: {answer.StatusCode}"
                );
            }
        }
    }

    [Fact]
    public async Task A_page_past_the_end_is_empty()
    {
        foreach (var operation in (await Operation.All(yard, Stop)).Where(HasPages))
        {
            var answer = await yard.Admin.Client.GetAsync(operation.Url("?page=2147483647&page_size=500"), Stop);
            if (operation.Path.Contains('{') && answer.StatusCode == HttpStatusCode.NotFound)
            {
                // What has pages of its own is not there either.
                continue;
            }
            var page = await answer.Json(HttpStatusCode.OK);
            Assert.Empty(page.GetProperty("results").EnumerateArray());
            Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        }
    }

    [Fact]
    public async Task A_stale_or_senseless_If_Match_changes_nothing()
    {
        foreach (var operation in (await Operation.All(yard, Stop)).Where(TakesIfMatch))
        {
            foreach (var tag in new[] { "\"stale\"", "nonsense", "W/\"weak\"" })
            {
                using var request = new HttpRequestMessage(operation.Method, operation.Url());
                request.Headers.TryAddWithoutValidation("If-Match", tag);
                if (operation.Body is not null)
                {
                    var body = operation.GoodBody();
                    if (body.ContainsKey("current_password"))
                    {
                        body["current_password"] = Yard.Password;
                    }
                    request.Content = new StringContent(body.ToJsonString(), null, "application/json");
                }
                var answer = await yard.Admin.Client.SendAsync(request, Stop);
                Assert.True(
                    answer.StatusCode == HttpStatusCode.PreconditionFailed
                        || (answer.StatusCode == HttpStatusCode.NotFound && operation.Path.Contains('{')),
                    $"{operation} {tag}: {answer.StatusCode}"
                );
            }
        }
    }

    [Fact]
    public async Task Every_operation_is_described()
    {
        var document = (await Operation.All(yard, Stop))[0].Document;
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                Assert.True(
                    operation.Value.TryGetProperty("summary", out _),
                    $"{operation.Name} {path.Name} has no summary."
                );
            }
        }
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    private async Task<string?> Fault(BadRequest bad)
    {
        var answer = await yard.Admin.Client.SendAsync(bad.Message, Stop);
        var body = await answer.Content.ReadAsStringAsync(Stop);
        if (!bad.Statuses.Contains(answer.StatusCode))
        {
            return $"{(int)answer.StatusCode} {body}";
        }
        if (!bad.Operation.Statuses.Contains((int)answer.StatusCode))
        {
            return $"{(int)answer.StatusCode} is not in the description";
        }
        if (
            (int)answer.StatusCode >= 400
            && answer.Content.Headers.ContentType?.MediaType != "application/problem+json"
        )
        {
            return $"no problem but {answer.Content.Headers.ContentType}";
        }
        if (bad.Field is not { } field)
        {
            return null;
        }
        return
            JsonElement.Parse(body).TryGetProperty("errors", out var errors)
            && errors
                .EnumerateObject()
                .Any(error => error.Name == field || error.Name.StartsWith($"{field}[", StringComparison.Ordinal))
            ? null
            : $"the field is not named: {body}";
    }

    private Task<HttpResponseMessage> Send(Operation operation, string body) =>
        yard.Admin.Client.SendAsync(
            new HttpRequestMessage(operation.Method, operation.Url())
            {
                Content = new StringContent(body, null, "application/json"),
            },
            Stop
        );

    private static bool HasPages(Operation operation) =>
        operation.Parameters.Any(one => one.GetProperty("name").GetString() == "page");

    private static bool TakesIfMatch(Operation operation) =>
        operation.Parameters.Any(one => one.GetProperty("name").GetString() == "If-Match");
}
