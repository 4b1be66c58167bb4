using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Web;

namespace Madang.Tests.Links;

/// <summary>Tags as they stand in the one field of a form.</summary>
public sealed class TypingTags
{
    [Theory]
    [InlineData("답사, 안내 ,", "답사", "안내")]
    [InlineData("\"Seoul, Korea\",map", "Seoul, Korea", "map")]
    [InlineData(" \"a \"\"b\"\", c\" ", "a \"b\", c")]
    [InlineData("\"quoted\" word, b", "\"quoted\" word", "b")]
    [InlineData("\"open, b", "\"open", "b")]
    [InlineData("5\" pipe", "5\" pipe")]
    [InlineData("\"\", ,\",\"", ",")]
    [InlineData(null)]
    public void They_are_read_as_they_are_typed(string? text, params string[] tags) =>
        Assert.Equal(tags, TypedTags.Read(text));

    [Fact]
    public void Whatever_a_link_has_is_read_as_it_was_shown()
    {
        var letters = Gen.Elements("a가,\"' |\\".ToCharArray());
        var tags = letters
            .ArrayOf()
            .Select(tag => new string(tag).Trim())
            .Where(tag => tag.Length > 0)
            .ListOf()
            .Select(all => all.ToArray())
            .ToArbitrary();
        Prop.ForAll(tags, all => TypedTags.Read(TypedTags.Write(all)).SequenceEqual(all))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }
}
