import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, MachineFacts } from '../../model/doctor.js';
import type { DoctorReport } from './doctor-json.js';
import { doctorText } from './doctor-text.js';

const finding = (level: Finding['level'], text: string, ...change: string[]): Finding => ({
  ...{ id: 'some', level, text, change, code: level === 'problem' ? 'not-python' : null },
});

function textOf(report: Partial<DoctorReport>, ...findings: Finding[]): string {
  const machine = { ...({} as MachineFacts), findings };
  const whole = {
    version: 1,
    pyglass: '1.2.3',
    exitStatus: 0,
    machine,
    pythons: null,
    process: null,
  } as const;
  return [...doctorText({ ...whole, next: 'pyglass ps', ...report })].join('');
}

test('a report has each finding, what to change, and ends with the next command', () => {
  const text = textOf({}, finding('ok', 'fine'), finding('note', 'so so', 'Do this:', '  this'));
  assert.equal(
    text,
    `pyglass 1.2.3

This machine
  ok    fine
  note  so so
        Do this:
          this

No problem found.
Next:
  pyglass ps
`,
  );
});

test('problems are counted', () => {
  assert.match(textOf({}, finding('problem', 'bad')), /\n {2}FAIL {2}bad\n\n1 problem found\.\n/);
});

test('names from the target cannot steer a terminal', () => {
  const text = textOf({}, finding('note', 'a\u001b[31mb\u202e', '\u0007c\nd'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  assert.match(text, /⟨U\+001B⟩/);
});
