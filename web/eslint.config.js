import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

/**
 * Which folders of src/lib a folder may use. A folder that is not listed for another is refused: the page cannot grow
 * knots that its layout hides. `ui` knows no KPI, `charts` asks no server, `format` and `url` stand alone.
 */
const kUses = {
  api: [],
  url: [],
  keys: [],
  format: ['api', 'url'],
  i18n: ['api', 'format', 'url'],
  ui: ['format', 'i18n', 'url'],
  charts: ['api', 'format', 'i18n', 'url'],
  kpi: ['api', 'charts', 'format', 'i18n', 'ui', 'url'],
};

const kFolders = Object.keys(kUses);

function layer(folder) {
  const refused = kFolders.filter((other) => other !== folder && !kUses[folder].includes(other));
  const patterns = [
    { regex: '(^|/)(app|pages)/', message: 'src/lib knows nothing of the shell or of pages.' },
    ...refused.map((other) => ({
      regex: `^\\.\\./${other}/`,
      message: `src/lib/${folder} may not use src/lib/${other}: see kUses in eslint.config.js.`,
    })),
  ];
  return {
    files: [`src/lib/${folder}/**/*.{ts,svelte}`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
}

export default ts.config(
  { ignores: ['dist/', 'node_modules/'] },
  ...ts.configs.strict,
  ...svelte.configs['flat/recommended'],
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'svelte/no-at-html-tags': 'error',
      // Answers are kept raw and replaced whole, never changed in place: plain maps and dates are what is meant.
      'svelte/prefer-svelte-reactivity': 'off',
      'max-lines': ['error', { max: 600, skipBlankLines: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  ...kFolders.map(layer),
  {
    files: ['src/pages/*/**/*.{ts,svelte}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^\\.\\./(?!\\.\\./)', message: 'Pages never import each other.' },
            { regex: '(^|/)app/', message: 'A page gets what it needs from the shell as properties.' },
          ],
        },
      ],
    },
  },
);
