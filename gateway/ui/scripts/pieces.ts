// Pieces of a page that scripts copy and fill, and values as people read them.
import { find } from "./page";

/** A copy of a <template>'s only element. Throws where there is none: the page would be broken silently. */
export function copied<T extends HTMLElement = HTMLElement>(template: HTMLTemplateElement | null): T {
  const piece = template?.content.firstElementChild;
  if (!piece) throw new Error(`<template ${template?.id ?? ""}> is missing or empty`);
  return document.importNode(piece, true) as T;
}

/** The part of `within` marked data-part="name". Throws where it is missing. */
export function part<T extends HTMLElement = HTMLElement>(within: ParentNode, name: string): T {
  const element = find<T>(`[data-part="${name}"]`, within);
  if (!element) throw new Error(`data-part ${name} is missing`);
  return element;
}

/** `2026. 1. 2.`, as official documents write it (Reg 7), in Seoul. */
export function day(text: string): string {
  return new Intl.DateTimeFormat("ko-KR", { timeZone: "Asia/Seoul" }).format(new Date(text));
}

/** `512 B`, `1.5 KB`, `20 MB`. */
export function size(bytes: number): string {
  let amount = bytes;
  for (const unit of ["B", "KB", "MB"]) {
    if (amount < 1024) return `${unit === "B" || amount >= 10 ? amount.toFixed(0) : amount.toFixed(1)} ${unit}`;
    amount /= 1024;
  }
  return `${amount.toFixed(1)} GB`;
}
