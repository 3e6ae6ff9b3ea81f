// Switches the page's language; it shows the other language in that language's own words.

import { LANGUAGE_NAMES, LANGUAGES, language, setLanguage } from '../i18n/language.js';
import './language-switch.css';

export function LanguageSwitch() {
  const next = LANGUAGES.find((each) => each !== language.value) ?? language.value;
  return (
    <button type="button" class="language-switch" lang={next} onClick={() => setLanguage(next)}>
      {LANGUAGE_NAMES[next]}
    </button>
  );
}
