import { useState } from 'react';
import { chooseTheme, readTheme, themes } from './theme.ts';

export function ThemeChoice() {
  const [theme, setTheme] = useState(readTheme);
  return (
    <label>
      <span className="visually-hidden">Colours</span>
      <select
        value={theme}
        onChange={({ target }) => {
          const chosen = themes.find((each) => each === target.value) ?? 'system';
          chooseTheme(chosen);
          setTheme(chosen);
        }}
      >
        <option value="system">Colours: system</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}
