/** Words for how drafts are saved, and for what happens when two people change the same one. */

export const saving = {
  state: {
    idle: '',
    dirty: 'Saving…',
    saving: 'Saving…',
    saved: 'Saved',
    offline: 'Kept here',
    conflict: 'Kept here',
    refused: 'Kept here',
  },
  offline: 'No connection. Your work is kept here, and saved as soon as the server answers.',
  noRoom:
    'This browser has no room to keep your work. Download the file before you close this page, so that nothing is lost.',
  refused: (why: string | undefined) =>
    `Your work is kept here, but could not be saved${why === undefined ? '.' : `: ${why}`}`,
  changedElsewhere: 'Changed elsewhere, just now. You see the newest.',
  broughtBack: {
    text: 'Brought back what was not saved when this page was last open.',
    undo: 'Undo',
  },
  conflict: {
    title: 'Somebody else changed this journey meanwhile',
    text: 'Your changes and theirs are both kept. Choose which go on; the other draft stays in this browser until you dismiss it.',
    gone: 'This journey was deleted meanwhile',
    goneText: 'Your draft is still here. Keep it, and the journey exists again.',
    keepMine: 'Keep mine',
    takeTheirs: 'Take theirs',
  },
} as const
