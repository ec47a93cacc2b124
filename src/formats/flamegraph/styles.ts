import type { Category } from '../../analysis/category.js';
import { changeKinds } from './bar-changes.js';
import { dark, light, shades, type Theme, waitingClass } from './palette.js';

const sans = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif';

/**
 * All of the picture's style. Colours of what is drawn without a script are written out, since programs that show
 * SVG outside a browser know no custom properties.
 */
export function styles(): string {
  return [
    `text{font:12px ${sans};white-space:pre}`,
    '.title{font-size:20px;font-weight:650}.message{font-size:22px;font-weight:600}.says{font-size:14px}',
    '.bar text{pointer-events:none;font-weight:500}.bar .location{font-weight:400}.application .name,.bar .mark{font-weight:700}',
    ...shades.map((share, shade) => `.s${shade}>rect{fill-opacity:${share}}`),
    themeOfPicture(light),
    `@media (prefers-color-scheme:dark){${themeOfPicture(dark)}}`,
    customProperties(light),
    `@media (prefers-color-scheme:dark){${customProperties(dark)}}`,
    viewerStyles,
  ].join('\n');
}

function themeOfPicture(theme: Theme): string {
  const bars = Object.entries(theme.bars) as [Category, string][];
  return [
    `#page{fill:${theme.page}}text{fill:${theme.ink}}.soft{fill:${theme.softInk}}.bar text{fill:${theme.barInk}}`,
    ...bars.map(([category, colour]) => `.${category}>rect{fill:${colour}}`),
    ...changeKinds.map((kind) => `.${kind}>rect{fill:${theme.changes[kind]}}`),
    `.${waitingClass}>rect{fill:url(#${waitingClass}) ${theme.waits};fill-opacity:1}.tone{fill:${theme.waits}}.hatch{fill:${theme.waitsLine}}`,
  ].join('');
}

function customProperties(theme: Theme): string {
  const { bars, changes, ...plain } = theme;
  const properties = Object.entries({ ...plain, ...bars, ...changes }).map(
    ([name, colour]) => `--${name}:${colour}`,
  );
  return `:root{color-scheme:${theme === dark ? 'dark' : 'light'};${properties.join(';')}}`;
}

/** For what the script makes: the page around the bars, and the states of a bar. */
const viewerStyles = `
.app{box-sizing:border-box;height:100%;display:flex;flex-direction:column;background:var(--page);color:var(--ink);font:13px/1.45 ${sans};overflow:hidden}
.app *{box-sizing:border-box}
.head{flex:none;padding:12px 16px 10px;background:var(--panel);border-bottom:1px solid var(--line)}
.top{display:flex;flex-wrap:wrap;gap:6px 16px;align-items:center}
.head h1{margin:0;font-size:17px;line-height:1.35;font-weight:650;flex:1 1 240px;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.tools{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.facts{margin:2px 0 0;color:var(--softInk);overflow-wrap:anywhere}
.fact{display:inline-block;max-width:100%}
.fact:not(:last-child)::after{content:"·";padding:0 .45em}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:8px 0 0;padding:0}
.legend li{display:flex;align-items:center;gap:6px}
.legend b{font-weight:600}
.chip{width:14px;height:14px;border-radius:3px;flex:none}
${['application', 'library', 'stdlib', 'c', 'synthetic', ...changeKinds].map((id) => `.chip.${id}{background:var(--${id})}`).join('')}
.chip.${waitingClass}{background:repeating-linear-gradient(135deg,var(--waitsLine) 0 2px,var(--waits) 2px 6px);box-shadow:inset 0 0 0 1px var(--waitsLine)}
.field{position:relative}
.field input{font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:7px;padding:5px 10px;width:250px;max-width:70vw}
.field input[aria-invalid=true]{border-color:var(--warning)}
.measure{display:flex}
.measure button+button{border-left:0}
.measure button:first-child{border-radius:7px 0 0 7px}
.measure button:last-child{border-radius:0 7px 7px 0}
.measure button[aria-pressed=true]{background:var(--ink);border-color:var(--ink);color:var(--page)}
.tools button{font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:7px;padding:5px 12px;cursor:pointer}
.tools button:disabled{color:var(--softInk);cursor:default}
.tools button:not(:disabled):hover{border-color:var(--accent)}
.app :focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.found{color:var(--softInk);font-variant-numeric:tabular-nums}
.found b{color:var(--match);font-weight:650}
.found.wrong{color:var(--warning)}
.found:empty{display:none}
.scroll{flex:1 1 auto;min-height:0;overflow:auto;overflow-x:hidden;padding:10px 16px 14px;position:relative}
.scroll svg{display:block;width:100%;outline:none}
.foot{flex:none;display:flex;flex-wrap:wrap;gap:2px 20px;justify-content:space-between;padding:6px 16px;border-top:1px solid var(--line);background:var(--panel);color:var(--softInk);font-size:12px}
.foot kbd{font:inherit;font-weight:600;color:var(--ink)}
.bars .bar{cursor:pointer;outline:none}
.bars .above>rect{fill-opacity:.45}
.bars .bar:hover>rect,.bars .current>rect{stroke:var(--ink);stroke-width:1.5}
.bars .bar:focus-visible>rect{stroke:var(--accent);stroke-width:2.5}
.bars.searching .bar:not(.match)>rect{fill-opacity:.3}
.bars.searching .bar:not(.match)>text{fill:var(--ink)}
.bars .match>rect{fill:var(--match);fill-opacity:1}
.bars .match>text{fill:var(--matchInk)}
.tip{position:absolute;z-index:2;left:0;top:0;max-width:min(520px,calc(100% - 16px));pointer-events:none;padding:9px 12px;border-radius:8px;border:1px solid var(--line);background:var(--panel);box-shadow:0 6px 24px rgba(0,0,0,.22);overflow-wrap:anywhere}
.tip[hidden]{display:none}
.tip .what{font-weight:650}
.tip .where{color:var(--softInk)}
.tip dl{display:grid;grid-template-columns:auto auto 1fr;gap:1px 12px;margin:6px 0 0;font-variant-numeric:tabular-nums}
.tip dt{color:var(--softInk)}
.tip dd{margin:0;text-align:right}
.tip dd+dd{text-align:left}
.tip .change{margin-top:6px;font-weight:650}
@media (max-width:640px){.head{padding:10px 12px 8px}.scroll{padding:8px 8px 10px}.foot .keys{display:none}.field{flex:1 1 160px}.field input{width:100%}.tools{flex:1 1 100%}}
`;
