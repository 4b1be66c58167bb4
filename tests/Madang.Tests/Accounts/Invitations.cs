using System.Net;
using System.Text.Json;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

public sealed class InvitationsOnSqlite(ClosedSqliteYard yard) : Invitations(yard), IClassFixture<ClosedSqliteYard>;

public sealed class InvitationsOnPostgres(ClosedPostgresYard yard)
    : Invitations(yard),
        IClassFixture<ClosedPostgresYard>;

/// <summary>A yard as it is after its first user: nobody else may sign up.</summary>
public sealed class ClosedSqliteYard : SqliteYard
{
    protected override string[] Settings => ["--RateLimits:Enabled=false"];
}

/// <inheritdoc cref="ClosedSqliteYard" />
public sealed class ClosedPostgresYard(PostgresServer postgres) : PostgresYard(postgres)
{
    protected override string[] Settings => ["--RateLimits:Enabled=false"];
}

public abstract class Invitations(Yard yard)
{
    [Fact]
    public async Task An_invitation_lets_one_person_in_once_with_its_role()
    {
        // Signed in anew: another test may have put the clock forward.
        var admin = await yard.SignIn(yard.Admin.Id, yard.Admin.Email);
        var invitation = await Invite(admin, "admin");
        Assert.EndsWith(
            $"/sign-up?invitation={invitation.Text("token")}",
            invitation.Text("url"),
            StringComparison.Ordinal
        );

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(number => SignUp($"guest{number}@example.com", invitation.Text("token")))
        );
        var guest = await answers.Single(answer => answer.IsSuccessStatusCode).Json(HttpStatusCode.Created);
        Assert.Equal("admin", guest.Text("role"));
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task An_invitation_is_worth_no_more_than_its_maker()
    {
        var admin = await yard.SignIn(yard.Admin.Id, yard.Admin.Email);
        var first = await Invite(admin, "admin");
        var made = await SignUp("maker@example.com", first.Text("token"));
        var maker = await yard.SignIn((await made.Json(HttpStatusCode.Created)).Number("id"), "maker@example.com");
        var kept = await Invite(maker, "admin");
        await admin
            .Client.Send(HttpMethod.Patch, $"/api/v1/users/{maker.Id}", new { role = "member" })
            .Is(HttpStatusCode.OK);

        await SignUp("back@example.com", kept.Text("token")).Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_invitation_ends_by_itself_after_seven_days_and_at_once_when_it_is_revoked()
    {
        // Signed in anew: another test may have put the clock forward.
        var admin = await yard.SignIn(yard.Admin.Id, yard.Admin.Email);
        var revoked = await Invite(admin, null);
        Assert.Equal("member", revoked.Text("role"));
        await admin
            .Client.Send(HttpMethod.Delete, $"/api/v1/invitations/{revoked.Number("id")}")
            .Is(HttpStatusCode.NoContent);
        await admin
            .Client.Send(HttpMethod.Delete, $"/api/v1/invitations/{revoked.Number("id")}")
            .Is(HttpStatusCode.NotFound);
        await SignUp("late@example.com", revoked.Text("token")).Is(HttpStatusCode.Forbidden);
        await SignUp("late@example.com", "made up").Is(HttpStatusCode.Forbidden);

        var old = await Invite(admin, null);
        var list = await (await admin.Client.Send(HttpMethod.Get, "/api/v1/invitations")).Json(HttpStatusCode.OK);
        Assert.Equal(old.Number("id"), list.GetProperty("results").EnumerateArray().Single().Number("id"));
        yard.Clock.Advance(TimeSpan.FromDays(7));
        await SignUp("late@example.com", old.Text("token")).Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_address_that_is_taken_does_not_use_an_invitation_up_and_only_admins_invite()
    {
        // Signed in anew: another test may have put the clock forward.
        var admin = await yard.SignIn(yard.Admin.Id, yard.Admin.Email);
        var invitation = await Invite(admin, null);
        await SignUp(admin.Email, invitation.Text("token")).Is(HttpStatusCode.Conflict);
        var guest = await (await SignUp("welcome@example.com", invitation.Text("token"))).Json(HttpStatusCode.Created);
        var member = await yard.SignIn(guest.Number("id"), "welcome@example.com");
        await member.Client.Send(HttpMethod.Post, "/api/v1/invitations", new { }).Is(HttpStatusCode.Forbidden);
        await admin.Client.Send(HttpMethod.Post, "/api/v1/invitations", new { role = "king" }).IsBad("role");
    }

    private static async Task<JsonElement> Invite(Person admin, string? role)
    {
        using var answer = await admin.Client.Send(HttpMethod.Post, "/api/v1/invitations", new { role });
        return await answer.Json(HttpStatusCode.Created);
    }

    private Task<HttpResponseMessage> SignUp(string email, string invitation) =>
        yard.Anonymous.Send(
            HttpMethod.Post,
            "/api/v1/users",
            new
            {
                email,
                username = "손님",
                password = Yard.Password,
                invitation,
            }
        );
}
