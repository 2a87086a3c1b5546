// Every part, each once. Screens import from here.
export { Button } from './button';
export { Chart, type Series } from './chart';
export { CodeMissing, useCode } from './code';
export { Dialog, Drawer } from './dialog';
export {
    Check,
    ErrorNotice,
    Field,
    FieldSet,
    Notice,
    SelectField,
    StatusFilter,
    TextAreaField,
    TextField,
} from './field';
export { Fold } from './fold';
export { Confirm, Form, FormDialog } from './form';
export { Icon, type IconName } from './icons';
export { JsonEditor } from './json-editor';
export { JsonView } from './json-view';
export { announce, toast, toastError } from './live';
export { Show, Waiting } from './loaded';
export { Menu, type MenuItem } from './menu';
export { Page, Section, Tabs } from './page';
export { RotateDialog } from './rotate';
export { SecretDialog } from './secret';
export { CallSnippet, CodeBox, HIDDEN, Snippet, type ApiCall } from './snippet';
export { Table, type Column, type RowList } from './table';
export { Badge, Empty, Id, Pairs, Progress, Skeleton, Time, type Tone } from './values';
