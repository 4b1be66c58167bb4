using System.Data;
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
