using System.Net;
using Madang.Tests.Yards;

namespace Madang.Tests.Accounts;

[Collection(nameof(SharedSqliteYard))]
public sealed class RolesOfUsersOnSqlite(SqliteYard yard) : RolesOfUsers(yard);

[Collection(nameof(SharedPostgresYard))]
public sealed class RolesOfUsersOnPostgres(PostgresYard yard) : RolesOfUsers(yard);

public abstract class RolesOfUsers(Yard yard)
{
    [Fact]
    public async Task An_admin_gives_a_role_at_once_and_takes_it_back()
    {
        var me = await yard.SignUp();
        await me.Client.Send(HttpMethod.Get, "/api/v1/workspace").Is(HttpStatusCode.Forbidden);
        await Change(yard.Admin, me.Id, new { role = "admin" }).Is(HttpStatusCode.OK);
        await me.Client.Send(HttpMethod.Get, "/api/v1/workspace").Is(HttpStatusCode.OK);
        await Change(me, me.Id, new { role = "member" }).Is(HttpStatusCode.OK);
        await me.Client.Send(HttpMethod.Get, "/api/v1/workspace").Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_no_role_is_names_its_field_and_members_change_nobody()
    {
        var me = await yard.SignUp();
        await Change(yard.Admin, me.Id, new { role = "king" }).IsBad("role");
        await Change(yard.Admin, me.Id, new { role = (string?)null, disabled = (bool?)null }).IsBad("disabled", "role");
        await Change(yard.Admin, me.Id, new { disabled = "yes" }).IsBad("disabled");
        await Change(me, me.Id, new { role = "admin" }).Is(HttpStatusCode.Forbidden);
        await Change(yard.Admin, 999999999, new { role = "member" }).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_last_admin_stays_one()
    {
        await Change(yard.Admin, yard.Admin.Id, new { role = "member" }).Is(HttpStatusCode.Conflict);
        await Change(yard.Admin, yard.Admin.Id, new { disabled = true }).Is(HttpStatusCode.Conflict);
        await yard.Admin.Client.Send(HttpMethod.Delete, "/api/v1/users/me").Is(HttpStatusCode.Conflict);
        await Change(yard.Admin, yard.Admin.Id, new { role = "admin", disabled = false }).Is(HttpStatusCode.OK);

        // A disabled admin can't help, so he counts for none.
        var other = await yard.SignUp();
        await Change(yard.Admin, other.Id, new { role = "admin", disabled = true }).Is(HttpStatusCode.OK);
        await Change(yard.Admin, yard.Admin.Id, new { role = "member" }).Is(HttpStatusCode.Conflict);
        await Change(yard.Admin, other.Id, new { role = "member", disabled = false }).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_two_admins_who_demote_each_other_at_once_one_stays()
    {
        for (var round = 0; round < 4; round++)
        {
            var other = await yard.SignUp();
            await Change(yard.Admin, other.Id, new { role = "admin" }).Is(HttpStatusCode.OK);
            var answers = await Task.WhenAll(
                Change(yard.Admin, other.Id, new { role = "member" }),
                Change(other, yard.Admin.Id, new { role = "member" })
            );
            Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
            if (answers[1].StatusCode == HttpStatusCode.OK)
            {
                await Change(other, yard.Admin.Id, new { role = "admin" }).Is(HttpStatusCode.OK);
                await Change(yard.Admin, other.Id, new { role = "member" }).Is(HttpStatusCode.OK);
            }
        }
    }

    private static Task<HttpResponseMessage> Change(Person who, long id, object change) =>
        who.Client.Send(HttpMethod.Patch, $"/api/v1/users/{id}", change);
}
