using Madang.Links.Counting;
using Madang.Links.Following;

namespace Madang.Links.Guarding;

/// <summary>What opening a protected link takes.</summary>
public sealed record Doors(OpenLinks Links, Uses Uses, VisitCounter Counter, Guesses Guesses, LinkPasswords Passwords);
