// 항목 기호: the eight levels of items in an official document, written as text [Reg 7].

export interface Marker {
  /** 0 for `1.`, 1 for `가.`, … 7 for `㉮`. */
  level: number;
  /** 1 for the first item of its level. */
  ordinal: number;
  /** How many letters it takes, with the space after it. */
  length: number;
}

export const LEVELS = 8;
const CONSONANTS = [0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18]; // ㄱ ㄴ ㄷ … ㅎ among the initial letters
const VOWELS = [0, 4, 8, 13, 18, 20]; // 가 거 고 구 그 기
const FORMS = [
  /^(\d{1,2})\. +/,
  /^([가-힣])\. +/,
  /^(\d{1,2})\) +/,
  /^([가-힣])\) +/,
  /^\((\d{1,2})\) +/,
  /^\(([가-힣])\) +/,
  /^([①-⑳㉑-㉟]) */,
  /^([㉮-㉻]) */,
];

/** 가, 나, … 하, 거, 너, … for 1, 2, …: after 하 comes 거 [Reg 7]. */
function syllable(ordinal: number): string {
  const index = ordinal - 1;
  const vowel = VOWELS[Math.floor(index / CONSONANTS.length) % VOWELS.length] ?? 0;
  const consonant = CONSONANTS[index % CONSONANTS.length] ?? 0;
  return String.fromCharCode(0xac00 + consonant * 588 + vowel * 28);
}

function ordinalOfSyllable(letter: string): number {
  const code = letter.charCodeAt(0) - 0xac00;
  const consonant = CONSONANTS.indexOf(Math.floor(code / 588));
  const vowel = VOWELS.indexOf(Math.floor((code % 588) / 28));
  return code % 28 === 0 && consonant >= 0 && vowel >= 0 ? vowel * CONSONANTS.length + consonant + 1 : 0;
}

function ordinalOf(level: number, sign: string): number {
  const code = sign.charCodeAt(0);
  if (level === 6) return code >= 0x3251 ? code - 0x3251 + 21 : code - 0x2460 + 1;
  if (level === 7) return code - 0x326e + 1;
  return level % 2 ? ordinalOfSyllable(sign) : Number(sign);
}

/** The marker with its space: `1. `, `가. `, `1) `, … */
export function written(level: number, ordinal: number): string {
  const sign = level % 2 ? syllable(ordinal) : String(ordinal);
  if (level < 2) return `${sign}. `;
  if (level < 4) return `${sign}) `;
  if (level < 6) return `(${sign}) `;
  if (level === 6) return `${String.fromCharCode(ordinal > 20 ? 0x3251 + ordinal - 21 : 0x2460 + ordinal - 1)} `;
  return `${String.fromCharCode(0x326e + ((ordinal - 1) % 14))} `;
}

/** The marker a line begins with, or null. A line that begins so by chance is not told apart. */
export function read(text: string): Marker | null {
  for (const [level, form] of FORMS.entries()) {
    const found = form.exec(text);
    const ordinal = found?.[1] ? ordinalOf(level, found[1]) : 0;
    if (found && ordinal > 0) return { level, ordinal, length: found[0].length };
  }
  return null;
}

/**
 * The ordinal an item of `level` has after these items, which stand before it in order: one more than the last
 * of its level, unless one of a level above came since; then the first.
 */
export function nextOrdinal(before: readonly (Marker | null)[], level: number): number {
  for (const marker of [...before].reverse()) {
    if (!marker || marker.level > level) continue;
    return marker.level === level ? marker.ordinal + 1 : 1;
  }
  return 1;
}

/**
 * New ordinals for the items that follow one with `level` and `ordinal`, where they would repeat or skip a number:
 * those of the same level up to the next one of a level above, as [index, ordinal].
 */
export function following(after: readonly (Marker | null)[], level: number, ordinal: number): [number, number][] {
  const renumbered: [number, number][] = [];
  let last = ordinal;
  for (const [index, marker] of after.entries()) {
    if (!marker || marker.level > level) continue;
    if (marker.level < level) break;
    last += 1;
    if (marker.ordinal !== last) renumbered.push([index, last]);
  }
  return renumbered;
}
