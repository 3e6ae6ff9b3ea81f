// Words in the page's language: a catalogue per area, keys and parameters checked by the compiler.

import { LANGUAGES, type Language, language } from './language.js';

/** A sentence with `{parameters}`, or one per plural form, chosen by the parameter `count` (Intl.PluralRules). */
export type Message = string | { readonly one: string; readonly other: string };

type PlaceholderOf<S extends string> = S extends `${string}{${infer P}}${infer Rest}`
  ? P | PlaceholderOf<Rest>
  : never;
type ParameterOf<M> = M extends string
  ? PlaceholderOf<M>
  : M extends { readonly other: infer O extends string }
    ? PlaceholderOf<O> | 'count'
    : never;
type Arguments<M> = [ParameterOf<M>] extends [never]
  ? []
  : [Readonly<Record<ParameterOf<M>, string | number>>];

/** The words of one area in every language; English says which keys and parameters there are. */
export interface Catalogue<E extends Readonly<Record<string, Message>>> {
  readonly en: E;
  readonly ko: Readonly<Record<keyof E, Message>>;
}

/** Gives the sentence for a key in the page's language; redraws whoever read it when the language is switched. */
export type Translate<E extends Readonly<Record<string, Message>>> = <K extends keyof E & string>(
  key: K,
  ...parameters: Arguments<E[K]>
) => string;

/** Checks at compile time that both languages have the same keys, and keeps the sentences as literal types. */
export function defineMessages<const E extends Readonly<Record<string, Message>>>(
  en: E,
  ko: Readonly<Record<NoInfer<keyof E>, Message>>,
): Catalogue<E> {
  return { en, ko };
}

/** Makes the `t` of one area: `const t = translator(lobbyMessages)`. */
export function translator<E extends Readonly<Record<string, Message>>>(
  messages: Catalogue<E>,
): Translate<E> {
  return (key, ...parameters) => {
    const now = language.value;
    const values: Readonly<Record<string, string | number>> = parameters[0] ?? {};
    return fill(pick(messages[now][key], values['count'], now), values);
  };
}

const pluralRules: Readonly<Record<Language, Intl.PluralRules>> = {
  en: new Intl.PluralRules(LANGUAGES[0]),
  ko: new Intl.PluralRules(LANGUAGES[1]),
};

function pick(message: Message, count: string | number | undefined, now: Language): string {
  if (typeof message === 'string') return message;
  return pluralRules[now].select(Number(count)) === 'one' ? message.one : message.other;
}

function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
