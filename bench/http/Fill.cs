using Madang.Foundation.Data;
using Madang.Memos;
using Madang.Memos.Writing;

namespace Madang.HttpBench;

/// <summary>
/// Fills a yard: one user's thousand memos are written by the program's own store, and every other user gets copies of them, shifted
/// in time. Every tenth memo is the team's.
/// </summary>
internal static class Fill
{
    internal const int MemosEach = 1_000;

    /// <summary>A two-syllable word that twenty of the thousand memos have.</summary>
    internal const string Word = "단풍";

    private static readonly string[] Sentences =
    [
        "새 책장은 창가 쪽으로 옮기기로 했다. 대출 기간은 2주, 연장은 두 번까지.",
        "다음 모임에서 기증 도서 40권을 등록한다. 스티커와 바코드를 먼저 사 둘 것.",
        "The deploy went out at noon; nobody noticed, which is the best review there is.",
        "점심은 골목 안 국숫집. 비 오는 날에는 파전도 한다.",
        "Read the chapter about queues again: the proof that waiting grows without bound is on page 212.",
        "회의록: 예산은 그대로, 일정은 한 주 늦춘다. 담당자는 각자 확인하고 금요일까지 답한다.",
        "아이 학교 행사는 셋째 주 토요일. 돗자리, 물통, 모자 챙기기.",
        "A link that leads nowhere is worse than no link. Check the old ones before the move.",
    ];

    /// <summary>Makes the tables, a thousand memos of the user that is there already, and as many for each other user.</summary>
    /// <param name="db">The yard's database, with its first user.</param>
    /// <param name="users">How many users in all; each signs in as <c>userN@example.com</c> with the first one's password.</param>
    internal static async Task Run(Database db, int users)
    {
        var store = new MemoStore(db);
        for (var first = 0; first < MemosEach; first += 100)
        {
            var writes = Enumerable.Range(first, 100).Select(number => store.Write(1, Memo(number), default));
            await Task.WhenAll(writes);
        }
        await db.Write(
            async sql =>
            {
                await sql.Execute(
                    """
                    INSERT INTO users (email, email_key, username, password_hash, security_stamp, role, created_at, updated_at)
                    WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < @users)
                    SELECT 'user' || n || '@example.com', 'user' || n || '@example.com', 'user ' || n, password_hash, security_stamp, 'member', created_at, updated_at
                    FROM numbers, users WHERE users.id = 1
                    """,
                    new { users }
                );
                // The copies come after the originals, a microsecond apart and in the order of their ids, those of all users mixed.
                var last = await sql.Single<long>("SELECT max(created_at) FROM memos");
                await sql.Execute(
                    """
                    INSERT INTO memos (id, owner_id, text, text_key, visibility, created_at, updated_at)
                    SELECT @MemosEach + (memos.id - 1) * (@users - 1) + users.id - 1, users.id, text, text_key, visibility, @last + (memos.id - 1) * @users + users.id, @last + (memos.id - 1) * @users + users.id
                    FROM memos, users WHERE memos.owner_id = 1 AND users.id > 1
                    ORDER BY 1
                    """,
                    new
                    {
                        MemosEach,
                        users,
                        last,
                    }
                );
                await sql.Execute(
                    """
                    INSERT INTO memo_tags (memo_id, key, name, is_written, owner_id, created_at)
                    SELECT @MemosEach + (memo_id - 1) * (@users - 1) + users.id - 1, key, name, is_written, users.id, @last + (memo_id - 1) * @users + users.id
                    FROM memo_tags, users WHERE memo_tags.owner_id = 1 AND users.id > 1
                    ORDER BY 1
                    """,
                    new
                    {
                        MemosEach,
                        users,
                        last,
                    }
                );
                await sql.Execute("CREATE TEMP TABLE first_grams (memo_id integer PRIMARY KEY, grams text)");
                foreach (
                    var memo in await sql.Query<TeamMemo>(
                        "SELECT id, text_key FROM memos WHERE owner_id = 1 AND visibility = 'team'"
                    )
                )
                {
                    await sql.Execute(
                        "INSERT INTO first_grams (memo_id, grams) VALUES (@Id, @Grams)",
                        new { memo.Id, Grams = string.Join(' ', Bigrams.OfText(memo.TextKey)) }
                    );
                }
                await sql.Execute(
                    """
                    INSERT INTO memo_grams (rowid, grams)
                    SELECT @MemosEach + (memo_id - 1) * (@users - 1) + users.id - 1, grams
                    FROM users, first_grams WHERE users.id > 1
                    ORDER BY 1
                    """,
                    new
                    {
                        MemosEach,
                        users,
                        last,
                    }
                );
                return await sql.Execute("DROP TABLE first_grams");
            },
            CancellationToken.None
        );
    }

    internal static MemoInput Memo(int number) =>
        new()
        {
            Text =
                $"{Sentences[number % Sentences.Length]} {(number % 50 == 7 ? Word + " 구경. " : "")}{Sentences[number * 7 / 3 % Sentences.Length]} {number} #{(number % 3 == 0 ? "일/회의" : "읽기")}",
            Visibility = number % 10 == 7 ? Visibility.Team : Visibility.Private,
        };

    private sealed record TeamMemo
    {
        public required long Id { get; init; }
        public required string TextKey { get; init; }
    }
}
