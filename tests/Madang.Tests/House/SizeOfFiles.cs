namespace Madang.Tests.House;

/// <summary>A file that grows past what one reads at a sitting holds two matters.</summary>
public sealed class SizeOfFiles
{
    private const int Most = 250;

    [Fact]
    public void No_source_file_is_longer_than_250_lines()
    {
        var tooLong = Repository
            .Files("src", ".cs", ".razor")
            .Concat(Repository.Files("tests", ".cs", ".razor"))
            .Select(file => (file, Lines: File.ReadLines(Path.Combine(Repository.Root, file)).Count()))
            .Where(file => file.Lines > Most)
            .Select(file => $"{file.file}: {file.Lines} lines");

        Assert.Empty(tooLong);
    }
}
