namespace Madang.Foundation.Data;

/// <summary>Throws away what the foundation keeps for a time only.</summary>
internal sealed class ExpiredRows(Database db) : IHousework
{
    /// <summary>Short transactions, so that nobody waits for a long one.</summary>
    private const int Batch = 500;

    /// <summary>Each with how long its rows stay after the time they bear.</summary>
    private static readonly (TimeSpan Stay, string Text)[] Kinds =
    [
        // Events are told to everybody by then; one that isn't stays, for doctor to see.
        (
            TimeSpan.FromDays(30),
            """
            DELETE FROM events WHERE id IN (
                SELECT id FROM events
                WHERE at < @Before
                AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id AND state <> 'done')
                ORDER BY at
                LIMIT @Batch
            )
            """
        ),
        // As long as a network counts as familiar (SignInAttempts).
        (
            TimeSpan.FromDays(90),
            "DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE at < @Before ORDER BY at LIMIT @Batch)"
        ),
        // Long after the last of them could be used, and after the hour in which they are counted (MailedLinkStore).
        (
            TimeSpan.FromDays(1),
            """
            DELETE FROM mailed_links WHERE id IN (
                SELECT id FROM mailed_links WHERE created_at < @Before ORDER BY created_at LIMIT @Batch
            )
            """
        ),
        (
            TimeSpan.Zero,
            """
            DELETE FROM refresh_tokens WHERE hash IN (
                SELECT hash FROM refresh_tokens WHERE expires_at < @Before ORDER BY expires_at LIMIT @Batch
            )
            """
        ),
        (
            TimeSpan.Zero,
            """
            DELETE FROM sessions WHERE id IN (
                SELECT id FROM sessions
                WHERE expires_at < @Before
                AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE session_id = sessions.id AND expires_at >= @Before)
                ORDER BY id
                LIMIT @Batch
            )
            """
        ),
        (
            TimeSpan.FromHours(24),
            """
            DELETE FROM idempotency_keys WHERE (user_id, method, path, key) IN (
                SELECT user_id, method, path, key FROM idempotency_keys
                WHERE created_at < @Before
                ORDER BY created_at
                LIMIT @Batch
            )
            """
        ),
    ];

    public async Task Tidy(CancellationToken stop)
    {
        foreach (var (stay, text) in Kinds)
        {
            int removed;
            do
            {
                removed = await db.Write(sql => sql.Execute(text, new { Before = sql.Now - stay, Batch }), stop);
            } while (removed == Batch);
        }
    }
}
