using Madang.Foundation.Moving;
using Madang.Memos.Moving;
using Madang.Tests.Yards;

namespace Madang.Tests.Memos;

/// <summary>Databases whose tables look as usememos' do, and hold what usememos never wrote.</summary>
public sealed class HostileDatabases
{
    private const string Pictures = """
        CREATE TABLE memo (id INTEGER PRIMARY KEY, creator_id INTEGER, created_ts BIGINT, content TEXT);
        INSERT INTO memo VALUES (1, 1, 1700000000, '하나');
        CREATE TABLE attachment (id INTEGER PRIMARY KEY, creator_id INTEGER, filename TEXT, blob BLOB, type TEXT, memo_id INTEGER);
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_memo_or_a_person_is_called_is_cut_and_people_are_numbers()
    {
        using var file = await Opened(
            """
            CREATE TABLE user (id, username);
            CREATE TABLE memo (id, creator_id, uid, created_ts, content);
            INSERT INTO user VALUES (1, hex(zeroblob(50000))), (2, x'ff' || hex(zeroblob(50000)));
            INSERT INTO memo VALUES
              (hex(zeroblob(50000)), 1, hex(zeroblob(50000)), 1700000000, ''),
              (2, 2, 'b', 1700000000, '둘'),
              (3, hex(zeroblob(50000)), 'c', 1700000000, '셋');
            """
        );
        var error = Assert.Throws<BrokenImportException>(() => Read(file.Value, null));
        Assert.Equal(("needs_author", 402), (error.Problem, error.Detail!.Length));
        var item = Assert.Single(Read(file.Value, new string('0', 200)));
        Assert.Equal((ImportFault.Empty, 205), (item.Fault!.Value, item.Place.Length));
    }

    [Fact]
    public async Task Columns_that_are_not_known_are_not_read_and_rows_come_as_they_lie()
    {
        using var file = await Opened(
            """
            CREATE TABLE memo (id INTEGER, creator_id INTEGER, created_ts BIGINT, content TEXT, payload TEXT);
            CREATE INDEX memo_creator ON memo (creator_id, id);
            INSERT INTO memo VALUES (2, 1, 1700000000, '먼저', hex(zeroblob(4500000))), (1, 1, 1700000000, '나중', '');
            """
        );
        Assert.Equal(["먼저", "나중"], Read(file.Value, null).Select(item => item.Memo!.Text));
    }

    [Fact]
    public async Task A_column_that_is_called_as_the_place_of_a_row_is_none_of_theirs()
    {
        var error = await Assert.ThrowsAsync<BrokenImportException>(() =>
            Opened("CREATE TABLE memo (id INTEGER, creator_id INTEGER, content TEXT, rowid TEXT)")
        );
        Assert.Equal("unknown_database", error.Problem);
    }

    [Fact]
    public async Task All_its_pictures_together_come_to_no_more_than_a_file_may()
    {
        using var file = await Opened(
            $"{Pictures} INSERT INTO attachment VALUES (1, 1, 'a', zeroblob(60000), 'image/png', 1), (2, 1, 'b', zeroblob(60000), 'image/png', 1)",
            mostUnpacked: 100_000
        );
        var pictures = Assert.Single(Read(file.Value, null)).Memo!.Pictures;
        await using var first = pictures[0].Open!();
        await first.CopyToAsync(Stream.Null, Stop);
        await using var second = pictures[1].Open!();
        await Assert.ThrowsAsync<BrokenImportException>(() => second.CopyToAsync(Stream.Null, Stop));
    }

    [Fact]
    public async Task Of_one_memo_no_more_pictures_are_looked_at_than_a_text_has_room_for()
    {
        using var file = await Opened(
            $"""
            {Pictures}
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO attachment SELECT i, 1, 'a', x'00', 'image/png', 1 FROM n
            """
        );
        var pictures = Assert.Single(Read(file.Value, null)).Memo!.Pictures;
        Assert.Equal((3_000, 2_000), (pictures.Count, pictures.Count(picture => picture.HasRoom)));
    }

    private static List<IncomingItem> Read(ImportFile file, string? author) =>
        [.. file.Read(author, DateTimeOffset.UtcNow)];

    private static async Task<Opening> Opened(string script, long mostUnpacked = ImportFile.MostUnpacked)
    {
        var folder = new TemporaryFolder();
        FileStream? stream = null;
        try
        {
            await File.WriteAllBytesAsync(folder.File("memos.db"), UsememosDatabases.Database(script), Stop);
            stream = new FileStream(folder.File("memos.db"), FileMode.Open, FileAccess.Read);
            return new(folder, stream, new ImportFile(stream, mostUnpacked));
        }
        catch
        {
            stream?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    private sealed record Opening(TemporaryFolder Folder, FileStream Stream, ImportFile Value) : IDisposable
    {
        public void Dispose()
        {
            Value.Dispose();
            Stream.Dispose();
            Folder.Dispose();
        }
    }
}
