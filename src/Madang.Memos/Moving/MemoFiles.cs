using System.Globalization;
using System.Text;
using Madang.Foundation.Http;
using Madang.Memos.Pictures;

namespace Madang.Memos.Moving;

/// <summary>Writes the two kinds of export (docs/memos-moving.md), each while it reads.</summary>
public sealed class MemoFiles(MovingMemos memos, PictureStore pictures, ContractJson json, TimeProvider clock)
{
    internal const string Format = "madang-memos";
    internal const int Version = 1;
    internal const string PictureFolder = "pictures/";

    /// <summary>All memos as one JSON text.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="owner">Whose.</param>
    /// <param name="withTrash">Those in the trash too.</param>
    /// <param name="step">Is called after each memo, or null.</param>
    /// <param name="stop">Ends it.</param>
    internal async Task WriteJson(Stream to, long owner, bool withTrash, Action? step, CancellationToken stop)
    {
        var now = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await Text(to, $$"""{"format":"{{Format}}","version":{{Version}},"exported_at":"{{now}}","memos":[""", stop);
        await Things(to, memos.All(owner, withTrash, stop), step, stop);
        await Text(to, "]}\n", stop);
    }

    /// <summary>The earlier texts of all memos as one JSON list.</summary>
    internal async Task WriteHistory(Stream to, long owner, CancellationToken stop)
    {
        await Text(to, "[", stop);
        await Things(to, Earlier(owner, stop), null, stop);
        await Text(to, "]\n", stop);
    }

    /// <summary>Each memo as a Markdown file, and its author's pictures beside them.</summary>
    /// <inheritdoc cref="WriteJson" />
    internal async Task WriteZip(Stream to, long owner, Action? step, CancellationToken stop)
    {
        var zip = new StreamedZip(to);
        await foreach (var memo in memos.All(owner, withTrash: false, stop))
        {
            var content = Encoding.UTF8.GetBytes(MarkdownFile.Write(memo));
            await zip.Add(
                MarkdownFile.NameOf(memo),
                memo.UpdatedAt,
                (file, stop) => file.WriteAsync(content, stop).AsTask(),
                stop
            );
            step?.Invoke();
        }
        await AddPictures(zip, owner, stop);
        await zip.Finish(stop);
    }

    internal static string NameOf(Picture picture) => $"{PictureFolder}{picture.Id}.{picture.Extension}";

    private async Task AddPictures(StreamedZip zip, long owner, CancellationToken stop)
    {
        foreach (var picture in await pictures.AllOf(owner, stop))
        {
            await using var content = pictures.Open(picture);
            if (content is not null)
            {
                await zip.Add(NameOf(picture), picture.CreatedAt, content.CopyToAsync, stop);
            }
        }
    }

    private async IAsyncEnumerable<MovedVersion> Earlier(
        long owner,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        await foreach (var memo in memos.All(owner, withTrash: true, stop))
        {
            if (memo.HasEarlier)
            {
                await foreach (var version in memos.Earlier(memo.Id, stop))
                {
                    yield return version;
                }
            }
        }
    }

    private async Task Things<T>(Stream to, IAsyncEnumerable<T> things, Action? step, CancellationToken stop)
        where T : class
    {
        var separator = "\n";
        await foreach (var thing in things.WithCancellation(stop))
        {
            await Text(to, separator, stop);
            await to.WriteAsync(json.Bytes(thing), stop);
            separator = ",\n";
            step?.Invoke();
        }
    }

    private static ValueTask Text(Stream to, string text, CancellationToken stop) =>
        to.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
}
