namespace Madang.BrowserTests;

/// <summary>The rules that a browser can check on the page it shows.</summary>
public static partial class PageRules
{
    /// <summary>
    /// One h1, one main, names and labels, ids used once, no sideways scrolling, and text that stands out from what is behind it
    /// (WCAG 2.2, 1.4.3).
    /// </summary>
    private const string Script = """
        () => {
          const broken = [];
          const all = (selector) => [...document.querySelectorAll(selector)];
          const name = (element) => element.id ? `#${element.id}` : element.outerHTML.slice(0, 80);
          if (all("h1").length !== 1) broken.push(`${all("h1").length} h1`);
          if (all("main").length !== 1) broken.push(`${all("main").length} main`);
          if (!document.title || !document.documentElement.lang) broken.push("no title or lang");
          for (const field of all("input:not([type=hidden]), select, textarea")) {
            if (!field.labels?.length && !field.ariaLabel) broken.push(`${name(field)} has no label`);
          }
          for (const act of all("a[href], button, summary")) {
            if (!act.textContent.trim() && !act.title && !act.ariaLabel) broken.push(`${name(act)} has no name`);
          }
          const ids = all("[id]").map((element) => element.id);
          for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) broken.push(`#${id} stands twice`);
          for (const element of all("[style], [onclick]")) {
            if (!element.id) broken.push(`${name(element)} is styled or scripted inline`);
          }
          if (document.documentElement.scrollWidth > document.documentElement.clientWidth) broken.push("scrolls sideways");

          const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
          const light = (colour) => channels(colour).slice(0, 3)
            .map((value) => value / 255)
            .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
            .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
          const behind = (element) => {
            const colour = getComputedStyle(element).backgroundColor;
            return (channels(colour)[3] ?? 1) > 0 || !element.parentElement ? colour : behind(element.parentElement);
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            const element = text.parentElement;
            if (!text.data.trim() || !element.checkVisibility() || ["SCRIPT", "OPTION"].includes(element.tagName)) continue;
            const [front, back] = [light(getComputedStyle(element).color), light(behind(element))];
            const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
            if (ratio < 4.5) broken.push(`${ratio.toFixed(2)}: ${text.data.trim().slice(0, 40)}`);
          }
          return broken;
        }
        """;

    /// <returns>Each broken rule; none when all is well.</returns>
    public static async Task<string[]> Broken(IPage page) => await page.EvaluateAsync<string[]>(Script);
}
