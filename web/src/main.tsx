import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import { App } from './app/app';
import { startKeyboard } from './app/keyboard';
import { startRouter } from './app/router';
import { startTheme } from './app/theme';

startTheme();
startRouter();
startKeyboard();
render(<App />, document.getElementById('app')!);
