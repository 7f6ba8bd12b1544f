// What a component says: sentences that the server has put into it, so that they are in the catalogue of its language.
import { find } from "../scripts/page";

/** A sentence with its {places} filled. */
export function filled(text: string, places: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
}

/** The sentences in the <script data-part="words"> of a component, by code. An unknown code is said as `code` says. */
export class Words {
  private readonly texts: Record<string, string>;

  constructor(component: HTMLElement) {
    const kept = find<HTMLScriptElement>('script[data-part="words"]', component);
    this.texts = JSON.parse(kept?.textContent ?? "{}") as Record<string, string>;
  }

  word(code: string, places: Record<string, string | number> = {}): string {
    return filled(this.texts[code] ?? filled(this.texts["code"] ?? "{code}", { code }), places);
  }
}
