using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Yards;

/// <summary>Takes what the JSON console takes: lines, each with the scopes it was written in.</summary>
internal sealed class LoggedLines : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    internal ConcurrentBag<(LogLevel Level, string? TraceId, string Text)> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose() { }

    private sealed class Logger(LoggedLines log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            string? traceId = null;
            log.scopes.ForEachScope(
                (scope, _) =>
                {
                    if (scope is IEnumerable<KeyValuePair<string, object?>> values)
                    {
                        traceId ??= values.FirstOrDefault(pair => pair.Key == "TraceId").Value?.ToString();
                    }
                },
                state
            );
            log.Lines.Add((logLevel, traceId, $"{formatter(state, exception)} {exception}"));
        }
    }
}
