namespace Madang.Tests.Yards;

/// <summary>
/// One yard on the embedded database for many test classes, one test at a time: starting a yard costs more than most tests. A class
/// that puts the clock forward has a yard of its own.
/// </summary>
[CollectionDefinition(nameof(SharedSqliteYard))]
public sealed class SharedSqliteYard : ICollectionFixture<SqliteYard>;

/// <inheritdoc cref="SharedSqliteYard" />
[CollectionDefinition(nameof(SharedPostgresYard))]
public sealed class SharedPostgresYard : ICollectionFixture<PostgresYard>;
