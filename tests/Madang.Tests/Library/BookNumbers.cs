using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Madang.Library;

namespace Madang.Tests.Library;

/// <summary>International Standard Book Numbers, against the sums of ISO 2108 written another way.</summary>
public sealed class BookNumbers
{
    private static readonly Arbitrary<string> Tens = Gen.Choose(0, 9)
        .ArrayOf(9)
        .Select(digits => Digits(digits) + LastOfTen(digits))
        .ToArbitrary();

    private static readonly Arbitrary<string> Thirteens = (
        from prefix in Gen.Elements("978", "979")
        from digits in Gen.Choose(0, 9).ArrayOf(9)
        select WithLast(prefix + Digits(digits))
    ).ToArbitrary();

    private static readonly Arbitrary<string> Either = Gen.OneOf(Tens.Generator, Thirteens.Generator).ToArbitrary();

    [Fact]
    public void A_right_one_is_accepted_however_it_is_divided() =>
        Check(
            from isbn in Either.Generator
            from gaps in Gen.Elements("", "", "-", " ", "‐", "–").ArrayOf(isbn.Length + 1)
            from isLower in Gen.Elements(true, false)
            select (isbn, isLower, gaps),
            it =>
            {
                var divided = string.Concat(it.gaps.Zip(it.isbn.Append('|'), (gap, digit) => $"{gap}{digit}"));
                var given = divided.TrimEnd('|');
                return Isbn.Plain(it.isLower ? given.Replace('X', 'x') : given) == it.isbn;
            }
        );

    [Fact]
    public void One_with_a_wrong_digit_is_none() =>
        Check(
            from isbn in Either.Generator
            from place in Gen.Choose(0, isbn.Length - 1)
            from digit in Gen.Elements("0123456789X".ToCharArray())
            where isbn[place] != digit
            select (isbn, place, digit),
            it => Isbn.Plain($"{it.isbn[..it.place]}{it.digit}{it.isbn[(it.place + 1)..]}") is null
        );

    [Fact]
    public void One_with_swapped_neighbours_is_none_as_far_as_its_sum_can_tell() =>
        Check(
            from isbn in Either.Generator
            from place in Gen.Choose(0, isbn.Length - 2)
            where isbn[place] != isbn[place + 1]
            select (isbn, place),
            it =>
            {
                var (isbn, at) = it;
                var swapped = $"{isbn[..at]}{isbn[at + 1]}{isbn[at]}{isbn[(at + 2)..]}";
                // Of thirteen digits, three times the one and once the other is the same for two that are five apart.
                var cannotTell = isbn.Length == 13 && at > 2 && Math.Abs(isbn[at] - isbn[at + 1]) == 5;
                return Isbn.Plain(swapped) == (cannotTell ? swapped : null);
            }
        );

    [Fact]
    public void One_that_is_too_short_or_too_long_or_holds_something_else_is_none() =>
        Check(
            from isbn in Either.Generator
            from place in Gen.Choose(0, isbn.Length)
            from strange in Gen.Elements("0", "a", ".", "/", "１", "٣", "\0", "-\t")
            select (isbn, place, strange),
            it =>
                Isbn.Plain(it.isbn.Insert(it.place, it.strange)) is null
                && Isbn.Plain(it.isbn[..it.place]) is var cut
                && (cut is null || it.place == it.isbn.Length || (it.isbn.Length == 13 && IsTen(cut)))
        );

    [Fact]
    public void Both_forms_of_one_have_one_key() =>
        Check(
            Tens.Generator,
            ten => Isbn.Key(ten) == WithLast($"978{ten[..9]}") && Isbn.Key(Isbn.Key(ten)) == Isbn.Key(ten)
        );

    [Theory]
    [InlineData("0-306-40615-2", "9780306406157")]
    [InlineData("080442957X", "9780804429573")]
    [InlineData("979-11-90090-01-8", "9791190090018")]
    [InlineData("89-364-3412-8", "9788936434120")]
    public void Those_of_real_books_are_right(string given, string key) =>
        Assert.Equal(key, Isbn.Key(Isbn.Plain(given)!));

    private static void Check<T>(Gen<T> generator, Func<T, bool> holds) =>
        Prop.ForAll(generator.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private static string Digits(IEnumerable<int> digits) =>
        string.Concat(digits.Select(digit => digit.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The sum of each digit times its place from 1 to 10 is a multiple of 11; so the tenth is the sum of the nine, in elevens.</summary>
    private static string LastOfTen(IReadOnlyList<int> nine) =>
        (nine.Select((digit, at) => digit * (at + 1)).Sum() % 11) is var last && last == 10
            ? "X"
            : last.ToString(CultureInfo.InvariantCulture);

    private static bool IsTen(string text) =>
        text.Length == 10 && LastOfTen([.. text[..9].Select(digit => digit - '0')]) == text[9..];

    /// <summary>All thirteen digits, and those in even places twice more, end in 0.</summary>
    private static string WithLast(string twelve)
    {
        var sum = 0;
        for (var at = 0; at < 12; at++)
        {
            sum += twelve[at] - '0' + (at % 2 == 0 ? 0 : 2 * (twelve[at] - '0'));
        }
        return Enumerable
            .Range(0, 10)
            .Where(last => (sum + last) % 10 == 0)
            .Select(last => twelve + last.ToString(CultureInfo.InvariantCulture))
            .Single();
    }
}
