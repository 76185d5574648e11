/// How pages and plots look, in light and dark and on paper.
enum Style {
  /// For plots.
  static let plot = """
    svg{--ink:#222;--faint:#ddd;--blue:#0072b2;--orange:#e69f00;--green:#009e73;--purple:#cc79a7;--sky:#56b4e9;--vermilion:#d55e00;--grey:#777;font:11px system-ui,sans-serif}
    @media(prefers-color-scheme:dark){svg{--ink:#ddd;--faint:#444;--blue:#56b4e9;--sky:#8fd0f5;--grey:#999}}
    svg text{fill:var(--ink);text-anchor:middle}svg .end{text-anchor:end}svg .key{text-anchor:start}
    svg .heading{font-size:14px;font-weight:600}svg .name{font-size:12px}svg .count{font-size:9px}
    svg .frame{fill:none;stroke:var(--ink)}svg .grid{stroke:var(--faint);stroke-width:.6}
    svg .line{fill:none;stroke:currentColor;stroke-width:1.6}svg .dashed{stroke-dasharray:6 4}svg .dotted{stroke-dasharray:2 3}
    svg .dot,svg .fill{fill:currentColor}svg .dot{fill-opacity:.75}svg .area{fill:currentColor;fill-opacity:.25}
    """
    + "\n"
    + Ink.allCases.map { "svg .\($0.rawValue){color:var(--\($0.rawValue))}" }.joined()

  /// For pages.
  static let page = """
    :root{color-scheme:light dark;--text:#222;--back:#fff;--line:#ccc;--soft:#f4f4f4}
    @media(prefers-color-scheme:dark){:root{--text:#ddd;--back:#181818;--line:#444;--soft:#222}}
    body{margin:0 auto;max-width:1120px;padding:1rem;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
    h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid var(--line)}
    .plots{display:flex;flex-wrap:wrap;gap:1rem}.plots>figure{flex:1 1 320px;min-width:0;max-width:540px;margin:0}
    .plot{width:100%;height:auto}.scroll{overflow-x:auto}
    table{border-collapse:collapse;font-size:.9rem;margin:.5rem 0}th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid var(--line)}
    th:first-child,td:first-child{text-align:left}tbody tr:nth-child(even){background:var(--soft)}
    .verdict{font-weight:600}@media print{body{max-width:none}h2{break-after:avoid}figure{break-inside:avoid}}
    """
}
