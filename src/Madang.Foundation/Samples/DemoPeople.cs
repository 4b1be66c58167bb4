using Madang.Foundation.Accounts;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Samples;

/// <summary>The members of a demonstration: made up, with addresses that no mail reaches (RFC 2606).</summary>
internal sealed class DemoPeople(Database db)
{
    private static readonly (string Email, string Username, string Language)[] All =
    [
        ("haneul@demo.example", "김하늘", "ko"),
        ("seojun@demo.example", "이서준", "ko"),
        ("mina@demo.example", "Mina Park", "en"),
        ("daniel@demo.example", "Daniel Reyes", "en"),
    ];

    internal static int Count => All.Length;

    internal static IEnumerable<string> Emails => All.Select(person => person.Email);

    internal static string NewPassword() => Secret.New()[..16];

    /// <returns>Whether the yard has a user, and those of the demonstration that it has, in their order.</returns>
    internal Task<(bool HasUsers, IReadOnlyList<SamplePerson> Demo)> Look(CancellationToken stop) =>
        db.Read<(bool, IReadOnlyList<SamplePerson>)>(
            async sql =>
            {
                var demo = new List<SamplePerson>();
                foreach (var person in All)
                {
                    var key = Fold.Key(person.Email);
                    if (await sql.First<long?>("SELECT id FROM users WHERE email_key = @key", new { key }) is { } id)
                    {
                        demo.Add(new(id, person.Language));
                    }
                }
                return (await WorkspaceStore.HasUsers(sql), demo);
            },
            stop
        );

    /// <summary>Makes them, all or none. In an empty yard the first becomes its admin.</summary>
    /// <returns>Those made; null when one of the addresses is taken.</returns>
    internal async Task<IReadOnlyList<SamplePerson>?> Make(string password, CancellationToken stop)
    {
        var hasher = new PasswordHasher<User>(
            Options.Create(new PasswordHasherOptions { IterationCount = PasswordRules.Rounds })
        );
        var users = All.Select(person => new User
            {
                Email = person.Email,
                Username = person.Username,
                SecurityStamp = Secret.New(),
                Role = Roles.Member,
            })
            .ToList();
        users.ForEach(user => user.PasswordHash = hasher.HashPassword(user, password));
        return await db.Write<IReadOnlyList<SamplePerson>?>(
            async sql =>
            {
                await WorkspaceStore.Lock(sql);
                users[0].Role = await WorkspaceStore.HasUsers(sql) ? Roles.Member : Roles.Admin;
                foreach (var user in users)
                {
                    if (!await AccountStore.Insert(sql, user))
                    {
                        sql.RollBack();
                        return null;
                    }
                }
                return [.. users.Zip(All, (user, person) => new SamplePerson(user.Id, person.Language))];
            },
            stop
        );
    }
}
