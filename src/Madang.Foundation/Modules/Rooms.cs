namespace Madang.Foundation.Modules;

/// <summary>The rooms of this program.</summary>
/// <param name="All">Every room there is: all have their tables, their scopes and their deliveries.</param>
/// <param name="Running">Those that this process serves.</param>
public sealed record Rooms(IReadOnlyList<IModule> All, IReadOnlyList<IModule> Running);
