using System.Text;
using Madang.Foundation.Modules;

namespace Madang.Host.Verbs;

/// <summary>
/// A password from the terminal, unseen, or from standard input. Never from an argument: those stand in the list of processes and in
/// the shell's history.
/// </summary>
internal static class PasswordPrompt
{
    /// <exception cref="StartupException">There is none, or the two differ.</exception>
    internal static string Ask()
    {
        if (Console.IsInputRedirected)
        {
            using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
            return input.ReadLine() is { Length: > 0 } line
                ? line
                : throw new StartupException("There is no password on standard input: it is the first line of it.");
        }
        var password = Type("Password: ");
        return Type("Once more: ") == password
            ? password
            : throw new StartupException("The two passwords differ: nothing was changed.");
    }

    private static string Type(string prompt)
    {
        Console.Write(prompt);
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                Console.WriteLine();
                return typed.ToString();
            }
            if (key.Key == ConsoleKey.Backspace)
            {
                var last = typed.ToString().EnumerateRunes().LastOrDefault();
                typed.Length -= typed.Length == 0 ? 0 : last.Utf16SequenceLength;
            }
            else if (key.KeyChar >= ' ' && key.KeyChar != '\u007f')
            {
                typed.Append(key.KeyChar);
            }
        }
    }
}
