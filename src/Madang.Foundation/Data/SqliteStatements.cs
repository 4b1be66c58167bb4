using System.Data;
using Microsoft.Data.Sqlite;

namespace Madang.Foundation.Data;

/// <summary>
/// A connection that keeps its statements prepared: SQLite needs about as long to prepare a list's statement as to run it. The
/// driver prepares for each command anew and Dapper makes a command for each call, so a command of this connection hands its work
/// to one that has met the same text before. Like any connection it serves one caller at a time.
/// </summary>
internal class SqliteStatements(string connectionString) : SqliteConnection(connectionString)
{
    /// <summary>
    /// Each takes a few kilobytes. Texts are put together from parts, and a list of values makes another text for each length: those that
    /// come when there is no room take one another's place.
    /// </summary>
    private const int MostKept = 256;

    private readonly Dictionary<string, SqliteCommand> idle = [];

    public override SqliteCommand CreateCommand() => new Command(this);

    private SqliteCommand Take(string text, int timeout)
    {
        if (!idle.Remove(text, out var command))
        {
            command = new SqliteCommand(text, this);
        }
        command.CommandTimeout = timeout;
        return command;
    }

    private void PutBack(SqliteCommand command)
    {
        command.Parameters.Clear();
        if (
            idle.Count >= MostKept
            && !idle.ContainsKey(command.CommandText)
            && idle.Remove(idle.Keys.First(), out var other)
        )
        {
            other.Dispose();
        }
        if (!idle.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    /// <summary>What Dapper fills in; the text's own prepared command runs it, and goes back when this one ends.</summary>
    private sealed class Command : SqliteCommand
    {
        private readonly SqliteStatements connection;
        private SqliteCommand? prepared;

        internal Command(SqliteStatements connection)
        {
            this.connection = connection;
            CommandTimeout = connection.DefaultTimeout;
        }

        public override SqliteDataReader ExecuteReader(CommandBehavior behavior) =>
            Run(command => command.ExecuteReader(behavior));

        public override int ExecuteNonQuery() => Run(command => command.ExecuteNonQuery());

        public override object? ExecuteScalar() => Run(command => command.ExecuteScalar());

        /// <summary>It is prepared when it first runs.</summary>
        public override void Prepare() { }

        protected override void Dispose(bool disposing)
        {
            if (disposing && prepared is not null)
            {
                connection.PutBack(prepared);
                prepared = null;
            }
            base.Dispose(disposing);
        }

        private T Run<T>(Func<SqliteCommand, T> run)
        {
            prepared ??= connection.Take(CommandText, CommandTimeout);
            prepared.Parameters.Clear();
            foreach (SqliteParameter parameter in Parameters)
            {
                prepared.Parameters.Add(parameter);
            }
            try
            {
                return run(prepared);
            }
            catch
            {
                // In which state a statement that failed was left is the driver's affair: the next caller prepares a new one.
                prepared.Dispose();
                prepared = null;
                throw;
            }
        }
    }
}
