using System.Data;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Madang.Foundation.Data;

/// <summary>
/// Times are UTC with microseconds everywhere: INTEGER microseconds since 1970 on SQLite, <c>timestamptz</c> on PostgreSQL.
/// A finer time would come back from the database different from how it went in.
/// </summary>
public static class Instant
{
    /// <summary>The time now, cut to whole microseconds.</summary>
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        return FromMicroseconds(ToMicroseconds(clock.GetUtcNow()));
    }

    internal static long ToMicroseconds(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    internal static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    internal const int LongestText = 28;

    /// <summary><c>2026-11-22T12:34:56.123456</c>: the seventh decimal is below what we keep.</summary>
    private const int UpToMicroseconds = 26;

    /// <summary>Writes a time in UTC as RFC 3339 has it, with as many decimals as there are, at most six.</summary>
    /// <returns>How many bytes it took.</returns>
    internal static int Write(DateTimeOffset time, Span<byte> text)
    {
        time.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        var length = text[..UpToMicroseconds].TrimEnd((byte)'0').TrimEnd((byte)'.').Length;
        text[length] = (byte)'Z';
        return length + 1;
    }

    /// <summary>Teaches Dapper our times and column names; calling it again changes nothing.</summary>
    internal static void TeachDapper()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new Handler());
    }

    private sealed class Handler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = parameter is SqliteParameter ? ToMicroseconds(value) : value.UtcDateTime;

        public override DateTimeOffset Parse(object value) =>
            value switch
            {
                long microseconds => FromMicroseconds(microseconds),
                DateTime utc => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
                _ => throw new InvalidCastException($"A time came as {value.GetType()}."),
            };
    }
}
