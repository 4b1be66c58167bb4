using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

/// <summary>The pages for admins, over HTTP and without scripts.</summary>
[Collection(nameof(SharedSqliteYard))]
public sealed class AdminPages(SqliteYard yard)
{
    private static readonly string[] Paths = ["/admin", "/admin/invitations", "/admin/sign-ins"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_for_admins_only_and_only_admins_are_shown_the_way()
    {
        var me = await new Browser(yard).SignIn(await yard.SignUp());
        var admin = await new Browser(yard).SignIn(yard.Admin);
        foreach (var path in Paths)
        {
            await me.Send(HttpMethod.Get, path).Is(HttpStatusCode.Forbidden);
            await admin.Send(HttpMethod.Get, path).Is(HttpStatusCode.OK);
        }
        Assert.DoesNotContain("href=\"/admin\"", await Html(me, "/settings"), StringComparison.Ordinal);
        Assert.Contains("href=\"/admin\"", await Html(admin, "/settings"), StringComparison.Ordinal);
        foreach (
            var form in new[]
            {
                "/admin/users/1",
                "/admin/invitations",
                "/admin/sign-up",
                "/admin/invitations/1/revoke",
            }
        )
        {
            await me.Post("/settings", form, ("role", "admin")).Is(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task The_last_admin_can_t_be_demoted_or_disabled_and_the_page_says_so_beside_him()
    {
        var admin = await new Browser(yard).SignIn(yard.Admin);
        var page = await Html(admin, $"/admin?q={yard.Admin.Email}");
        Assert.Contains("마지막 관리자예요", page, StringComparison.Ordinal);
        await admin.Post("/admin", $"/admin/users/{yard.Admin.Id}", ("role", "member")).Is(HttpStatusCode.Conflict);
        await admin.Post("/admin", $"/admin/users/{yard.Admin.Id}", ("disabled", "true")).Is(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_user_is_found_by_name_or_e_mail_in_any_case_and_changed()
    {
        var (me, _) = (await yard.SignUp("Åsa 하늘"), await yard.SignUp());
        var admin = await new Browser(yard).SignIn(yard.Admin);
        foreach (var query in new[] { "åSA", "하늘", me.Email.ToUpperInvariant() })
        {
            var page = await Html(admin, $"/admin?q={Uri.EscapeDataString(query)}");
            Assert.Contains($"id=\"user-{me.Id}\"", page, StringComparison.Ordinal);
            Assert.DoesNotContain($"id=\"user-{yard.Admin.Id}\"", page, StringComparison.Ordinal);
        }
        Assert.Contains("찾는 사람이 없어요", await Html(admin, "/admin?q=nobody-here"), StringComparison.Ordinal);

        await admin.Post("/admin", $"/admin/users/{me.Id}", ("disabled", "true")).Is(HttpStatusCode.SeeOther);
        Assert.Contains("로그인이 막힘", await Html(admin, $"/admin?q={me.Email}"), StringComparison.Ordinal);
        await me.Client.Send(HttpMethod.Get, "/api/v1/users/me").Is(HttpStatusCode.Unauthorized);
        await admin.Post("/admin", $"/admin/users/{me.Id}", ("disabled", "false")).Is(HttpStatusCode.SeeOther);
        await me.Client.Send(HttpMethod.Get, "/api/v1/users/me").Is(HttpStatusCode.OK);
        await admin.Post("/admin", $"/admin/users/{me.Id}", ("role", "king")).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_token_is_made_with_ticked_scopes_shown_once_and_revoked()
    {
        var browser = await new Browser(yard).SignIn(await yard.SignUp());
        var refused = await browser.Post(
            "/settings/tokens",
            "/settings/tokens",
            ("name", "스크립트"),
            ("expires_at", "")
        );
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var made = await browser.Post(
            "/settings/tokens",
            "/settings/tokens",
            ("name", "스크립트"),
            ("scopes", "memos:read"),
            ("scopes", "memos:write"),
            ("expires_at", "")
        );
        Assert.True(made.Headers.CacheControl!.NoStore);
        var page = await made.Content.ReadAsStringAsync(Stop);
        var secret = System.Text.RegularExpressions.Regex.Match(page, "mdg_[\\w-]{43}").Value;
        var program = yard.Client(secret);
        await program.Send(HttpMethod.Post, "/api/v1/memos", new { text = "답사" }).Is(HttpStatusCode.Created);
        var list = await Html(browser, "/settings/tokens");
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);
        var id = System.Text.RegularExpressions.Regex.Match(list, @"/settings/tokens/(\d+)/revoke").Groups[1].Value;
        await browser.Post("/settings/tokens", $"/settings/tokens/{id}/revoke").Is(HttpStatusCode.SeeOther);
        await program.Send(HttpMethod.Get, "/api/v1/memos").Is(HttpStatusCode.Unauthorized);
    }

    private static async Task<string> Html(Browser browser, string path)
    {
        using var answer = await browser.Send(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Stop);
    }
}
