import { alpha, type ThemeOptions } from '@mui/material/styles';

const SANS = '"Avenir Next", Avenir, "Segoe UI", "Open Sans", "Helvetica Neue", Ubuntu, Cantarell, sans-serif';
const SERIF =
  'Charter, "Bitstream Charter", "Iowan Old Style", "Sitka Text", Cambria, "Noto Serif", "Open Sans", serif';

// Pine on paper, with ochre where something waits for the operator.
const palettes = {
  light: {
    primary: { main: '#1f4d46', light: '#dfe9e3', contrastText: '#fffdf8' },
    secondary: { main: '#9a5b1e', light: '#f4e6d0', contrastText: '#fffdf8' },
    error: { main: '#9c3527' },
    warning: { main: '#94600f' },
    success: { main: '#2f6b45' },
    info: { main: '#2f6079' },
    background: { default: '#f6f3ec', paper: '#fffdf8' },
    text: { primary: '#22302c', secondary: '#586762' },
    divider: '#e2ddd0',
  },
  dark: {
    primary: { main: '#8fc9b8', light: '#24403a', contrastText: '#10201c' },
    secondary: { main: '#e3ad63', light: '#3d3120', contrastText: '#231706' },
    error: { main: '#ee9584' },
    warning: { main: '#e3ad63' },
    success: { main: '#8fce9f' },
    info: { main: '#92c4de' },
    background: { default: '#131b19', paper: '#1a2421' },
    text: { primary: '#e7ebe6', secondary: '#a3b1ab' },
    divider: '#2e3b37',
  },
};

/** The console's look, in light and in dark. */
export function kithTheme(mode: 'light' | 'dark'): ThemeOptions {
  const palette = { mode, ...palettes[mode] };
  const { primary, background, divider, text } = palette;
  const heading = { fontFamily: SERIF, fontWeight: 600, letterSpacing: '-0.01em' };
  const outlined = { border: `1px solid ${divider}`, boxShadow: 'none', backgroundImage: 'none' };
  return {
    palette,
    shape: { borderRadius: 8 },
    sidebar: { width: 224, closedWidth: 56 },
    typography: {
      fontFamily: SANS,
      fontSize: 14,
      h1: { ...heading, fontSize: '1.75rem', lineHeight: 1.25 },
      h2: { ...heading, fontSize: '1.25rem', lineHeight: 1.3 },
      h3: { ...heading, fontSize: '1.05rem', lineHeight: 1.35 },
      h6: { ...heading, fontSize: '1.125rem' },
      button: { textTransform: 'none', fontWeight: 600 },
      overline: { textTransform: 'none', letterSpacing: '0.02em', fontWeight: 600, lineHeight: 1.6 },
    },
    components: {
      MuiCssBaseline: {
        styleOverrides: {
          body: { fontFeatureSettings: '"tnum"', WebkitFontSmoothing: 'antialiased' },
          'main a:not([class])': { color: primary.main, textUnderlineOffset: '3px' },
        },
      },
      MuiButton: { defaultProps: { disableElevation: true } },
      MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
      MuiCard: { styleOverrides: { root: outlined } },
      MuiCardContent: {
        styleOverrides: {
          root: {
            // A table on a card stands under its heading and ends with the card.
            '& .MuiTableCell-root:first-of-type': { paddingLeft: 0 },
            '& .MuiTableCell-root:last-of-type': { paddingRight: 0 },
            '& .MuiTableBody-root .MuiTableRow-root:last-of-type .MuiTableCell-root': { borderBottom: 0 },
            '@media (max-width: 600px)': { '& .MuiTableCell-root': { paddingInline: 6 } },
          },
        },
      },
      MuiTextField: { defaultProps: { variant: 'outlined', size: 'small' } },
      MuiFormControl: { defaultProps: { variant: 'outlined', size: 'small' } },
      MuiChip: { styleOverrides: { root: { fontWeight: 600 } } },
      MuiTooltip: { defaultProps: { arrow: true }, styleOverrides: { tooltip: { fontSize: '0.8rem' } } },
      MuiTableCell: {
        styleOverrides: {
          root: { borderColor: divider },
          // Digits in a column stand under each other.
          alignRight: { fontVariantNumeric: 'tabular-nums' },
          head: { fontWeight: 600, color: text.secondary, backgroundColor: background.paper, whiteSpace: 'nowrap' },
        },
      },
      RaLayout: {
        styleOverrides: {
          root: {
            minWidth: 0,
            '& .RaLayout-content': { padding: '8px 24px 48px', minWidth: 0 },
            '@media (max-width: 600px)': { '& .RaLayout-content': { padding: '4px 12px 40px' } },
          },
        },
      },
      RaAppBar: {
        styleOverrides: {
          root: {
            color: text.primary,
            backgroundColor: background.default,
            borderBottom: `1px solid ${divider}`,
            boxShadow: 'none',
            backgroundImage: 'none',
          },
        },
      },
      RaSidebar: {
        styleOverrides: { root: { '& .MuiDrawer-paper': { backgroundColor: background.default } } },
      },
      RaMenuItemLink: {
        styleOverrides: {
          root: {
            margin: '1px 8px',
            paddingBlock: 3,
            fontSize: '0.9375rem',
            borderRadius: 8,
            '&.RaMenuItemLink-active': {
              color: primary.main,
              backgroundColor: alpha(primary.main, mode === 'light' ? 0.09 : 0.16),
              fontWeight: 600,
              '& .RaMenuItemLink-icon': { color: primary.main },
            },
          },
        },
      },
      RaFilterForm: {
        styleOverrides: { root: { gap: 8, alignItems: 'center', '& .MuiFormControl-root': { margin: 0 } } },
      },
      RaFilterFormInput: {
        styleOverrides: { root: { alignItems: 'center', '& .RaFilterFormInput-hideButton': { marginBottom: 0 } } },
      },
      RaShow: { styleOverrides: { root: { '& .RaShow-noActions': { marginTop: 0 } } } },
      RaSimpleList: { styleOverrides: { root: { '& .RaSimpleList-tertiary': { opacity: 1 } } } },
      RaTopToolbar: {
        styleOverrides: {
          root: {
            '@media (max-width: 600px)': {
              backgroundColor: 'transparent',
              justifyContent: 'flex-end',
              flex: '1 1 100%',
            },
          },
        },
      },
      RaListToolbar: {
        styleOverrides: {
          root: {
            alignItems: 'center',
            '@media (max-width: 600px)': {
              alignItems: 'stretch',
              backgroundColor: 'transparent',
              '& form, & .filter-field, & .MuiFormControl-root': { width: '100%' },
              '& .RaFilterFormInput-spacer': { display: 'none' },
            },
          },
        },
      },
      RaList: { styleOverrides: { root: { '& .RaList-main': { minWidth: 0 }, '& .RaList-content': outlined } } },
      RaDataTable: {
        styleOverrides: {
          root: {
            // A table too wide for the page is pushed aside by itself, not with the page.
            '& .RaDataTable-tableWrapper': { overflowX: 'auto' },
            '& .acts': { textAlign: 'right', whiteSpace: 'nowrap' },
            '& .moment': { whiteSpace: 'nowrap' },
            '& .RaDataTable-headerCell': { backgroundColor: background.paper },
            '& .MuiTableRow-root:last-of-type .MuiTableCell-body': { borderBottom: 0 },
          },
        },
      },
    },
  } as ThemeOptions;
}
