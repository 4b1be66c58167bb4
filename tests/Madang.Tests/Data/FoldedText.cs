using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Data;

namespace Madang.Tests.Data;

public sealed class FoldedText
{
    /// <summary>Texts of the scripts that people here write, with pieces that compose and cases that are more than two.</summary>
    private static readonly Arbitrary<string> Texts = Gen.Elements(
            "가",
            "각",
            "회의",
            "ㄱ",
            "a",
            "A",
            "é",
            "e\u0301",
            "ß",
            "σ",
            "ς",
            "Σ",
            "\u212A",
            "İ",
            "ǆ",
            "ǅ",
            " ",
            "#",
            "책",
            "😀",
            "𝒜",
            "\n"
        )
        .ListOf()
        .Select(parts => string.Concat(parts))
        .ToArbitrary();

    [Fact]
    public void Is_the_same_for_composed_and_decomposed_text() =>
        Prop.ForAll(
                Texts,
                text =>
                    Fold.Key(text.Normalize(NormalizationForm.FormD)) == Fold.Key(text)
                    && Fold.Key(text).IsNormalized(NormalizationForm.FormC)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Is_the_same_folded_again() =>
        Prop.ForAll(Texts, text => Fold.Key(Fold.Key(text)) == Fold.Key(text)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Straße", "STRAßE")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("Kelvin \u212A", "kelvin k")]
    [InlineData("KIM@Example.com", "kim@example.COM")]
    public void Is_the_same_in_any_case(string one, string other) => Assert.Equal(Fold.Key(one), Fold.Key(other));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_text_that_contains_a_query_holds_all_tokens_of_the_query(int longest) =>
        Prop.ForAll(
                Texts,
                Texts,
                Texts,
                (before, query, after) =>
                {
                    var key = Fold.Key(query);
                    return key.Length == 0
                        || Bigrams
                            .OfQuery(key, longest)
                            .All(Bigrams.OfText(Fold.Key(before) + key + Fold.Key(after), longest).Contains);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_query_no_longer_than_the_tokens_is_one_of_them()
    {
        foreach (var query in new[] { "가", "가나", "가나다", "😀a" })
        {
            var token = Assert.Single(Bigrams.OfQuery(query, 3));
            Assert.Contains(token, Bigrams.OfText($"다{query}가", 3));
            Assert.DoesNotContain(token, Bigrams.OfText("다나가 나", 3).Where(_ => query.Length > 1));
        }
    }

    [Fact]
    public void A_token_is_left_alone_by_a_tokenizer_of_words() =>
        Assert.All(Bigrams.OfText("책 C++ 😀\n'\""), token => Assert.Matches("^[a-z0-9]+$", token));
}
