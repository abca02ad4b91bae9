using System.Globalization;
using System.Text;

namespace LxcfsAgent.Commands;

/// <summary>Text that a tenant may have chosen, such as a path: nothing in it may speak to a terminal.</summary>
internal static class TenantText
{
    /// <summary>Control and other invisible characters as <c>\xNN</c> or <c>\uNNNN</c>, and a backslash twice.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (letter == '\\')
                escaped.Append(@"\\");
            else if (letter is < ' ' or '\x7f')
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}");
            else if (char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned)
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else
                escaped.Append(letter);
        }

        return escaped.ToString();
    }
}
