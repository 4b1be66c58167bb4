namespace Madang.Library.Lending;

/// <summary>A loan as pages and exports show it.</summary>
public sealed record ShownLoan
{
    /// <summary>Its id.</summary>
    public required long LoanId { get; init; }

    /// <summary>Who has it.</summary>
    public required long UserId { get; init; }

    /// <summary>His name.</summary>
    public required string Username { get; init; }

    /// <summary>The book.</summary>
    public required long BookId { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its ISBN.</summary>
    public required string Isbn { get; init; }

    /// <summary>How many copies.</summary>
    public required long Quantity { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it came back, or null.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often it was renewed.</summary>
    public long Renewals { get; init; }

    /// <summary>Whether it should be back by now.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>Whether somebody waits for the book, so that it can't be renewed.</summary>
    public bool IsWaitedFor { get; init; }
}

/// <summary>A hold as pages and exports show it.</summary>
public sealed record ShownHold
{
    /// <summary>Its id.</summary>
    public required long HoldId { get; init; }

    /// <summary>Who has it.</summary>
    public required long UserId { get; init; }

    /// <summary>His name.</summary>
    public required string Username { get; init; }

    /// <summary>The book.</summary>
    public required long BookId { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>The place among those who wait, from 1; null once a copy is put aside.</summary>
    public long? Place { get; init; }

    /// <summary>Until when a copy is put aside; null while he waits.</summary>
    public DateTimeOffset? PickUpUntil { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
