namespace Madang.Memos.Moving;

/// <summary>What became of a picture of an import.</summary>
/// <param name="Place">Where it is in the file.</param>
/// <param name="Id">What it is here, or null.</param>
/// <param name="Reason">Why it is not taken, or null.</param>
/// <param name="IsNew">Whether it was not here before.</param>
internal sealed record PictureOutcome(string Place, string? Id, string? Reason = null, bool IsNew = false);

/// <summary>What became of an import's pictures, by their ids over there: of some for good, of others when a transaction is kept.</summary>
internal sealed class PictureOutcomes
{
    private readonly Dictionary<string, PictureOutcome> settled = [];
    private readonly List<ImportRefusal> refusals = [];
    private Dictionary<string, PictureOutcome> written = [];
    private List<ImportRefusal> leftOut = [];
    private int added;
    private int refused;

    /// <summary>New ones, those included that the transaction writes.</summary>
    internal int Added => added + written.Values.Count(outcome => outcome.IsNew);

    /// <summary>Those that can't be taken in, likewise; one that several memos have no room for counts with each.</summary>
    internal int Refused => refused + leftOut.Count + written.Values.Count(outcome => outcome.Id is null);

    /// <summary>The first of those that are refused.</summary>
    internal IReadOnlyList<ImportRefusal> Refusals => refusals;

    /// <summary>The new ones that the transaction writes.</summary>
    internal IEnumerable<string> NewlyWritten => written.Where(one => one.Value.IsNew).Select(one => one.Key);

    internal PictureOutcome? Find(string id) => settled.GetValueOrDefault(id) ?? written.GetValueOrDefault(id);

    /// <summary>Begins a transaction, perhaps once more.</summary>
    internal void Begin() => (written, leftOut) = ([], []);

    /// <summary>Says what becomes of one when the transaction is kept.</summary>
    internal void Write(string id, PictureOutcome outcome) => written.Add(id, outcome);

    /// <summary>Says what a memo of this transaction has no room for. It is not settled: another memo may have.</summary>
    internal void LeaveOut(List<ImportRefusal> some) => leftOut.AddRange(some);

    /// <summary>The transaction is kept.</summary>
    internal void Settle()
    {
        foreach (var (id, outcome) in written)
        {
            Settle(id, outcome);
        }
        leftOut.ForEach(Refuse);
        Begin();
    }

    internal void Settle(string id, PictureOutcome outcome)
    {
        settled.Add(id, outcome);
        added += outcome.IsNew ? 1 : 0;
        if (outcome.Id is null)
        {
            Refuse(new(outcome.Place, outcome.Reason!));
        }
    }

    private void Refuse(ImportRefusal refusal)
    {
        refused++;
        if (refusals.Count < ImportRun.MostRefusals)
        {
            refusals.Add(refusal);
        }
    }
}
