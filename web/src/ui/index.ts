// Every part, each once. Screens import from here.
export { Button } from './button';
export { Chart, type Series } from './chart';
export { Confirm, Dialog, Drawer } from './dialog';
export { Check, ErrorNotice, Field, FieldSet, Notice, SelectField, TextAreaField, TextField } from './field';
export { Fold } from './fold';
export { Icon, type IconName } from './icons';
export { JsonEditor } from './json-editor';
export { JsonView } from './json-view';
export { announce, toast, toastError } from './live';
export { Show } from './loaded';
export { Menu, type MenuItem } from './menu';
export { Page, Section, Tabs } from './page';
export { CallSnippet, CodeBox, Snippet, type ApiCall } from './snippet';
export { Table, type Column, type RowList } from './table';
export { Badge, Empty, Id, Pairs, Progress, Skeleton, Time, type Tone } from './values';
