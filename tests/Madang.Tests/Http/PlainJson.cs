using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Madang.Foundation.Http;

namespace Madang.Tests.Http;

/// <summary>JSON escapes only what it must: Hangul, emoji and rare Hanja stand as they are.</summary>
public sealed class PlainJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = PlainEncoder.Instance };

    [Fact]
    public void Every_text_comes_back_as_it_was_and_only_what_must_be_is_escaped()
    {
        var runes = Gen.Frequency(
            (4, Gen.Choose(0x20, 0x7E)),
            (1, Gen.Choose(0, 0x1F)),
            (1, Gen.Elements(0x22, 0x5C, 0x7F, 0x2028, 0x2029, 0xFEFF, 0xFFFD, 0x10FFFF)),
            (3, Gen.Choose(0xAC00, 0xD7A3)),
            (3, Gen.Choose(0x1F300, 0x1FAFF)),
            (1, Gen.Choose(0x20000, 0x2FFFF)),
            (1, Gen.Choose(0xE000, 0xFFFF))
        );
        var texts = runes.ListOf().Select(list => string.Concat(list.Select(rune => new Rune(rune).ToString())));
        Prop.ForAll(
                texts.ToArbitrary(),
                text =>
                {
                    var json = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(text, Options));
                    var visible = text.EnumerateRunes().Where(IsPlain);
                    return JsonSerializer.Deserialize<string>(json) == text
                        && JsonSerializer.Serialize(text, Options) == json
                        && visible.All(rune => json.Contains(rune.ToString(), StringComparison.Ordinal))
                        && json.Split("\\u").Length - 1 <= text.EnumerateRunes().Count(rune => !IsPlain(rune));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("마당 😀 👩‍👩‍👧 𠀀")]
    [InlineData("<b>&'+</b>")]
    public void People_s_text_is_not_escaped_at_all(string text) =>
        Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(text, Options));

    /// <summary>What the framework's most relaxed encoder writes as it is, and what is beyond the Basic Multilingual Plane.</summary>
    private static bool IsPlain(Rune rune) =>
        rune.Value is >= 0x20 and not 0x22 and not 0x5C
        && (
            rune.Value > 0xFFFF
            || !System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping.WillEncode(rune.Value)
        );
}
