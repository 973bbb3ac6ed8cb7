import type { RecordShape } from '../shapes/shape.ts';
import {
  ANY_NAME,
  DEPENDENCIES,
  INPUT_REFS,
  INPUTS,
  KIND,
  METADATA_HELP,
  NOTES,
  PATH,
  PRIORITY,
  SHA256,
  TARGET,
  TEXT,
  WORKLOAD,
  words,
} from './shapes.ts';

/** The path of the program where the document names none. */
export const PROGRAM_PATH_DEFAULT = 'program.eigen.py';

/** `eigen.os/v0.1`. Members that are not listed are passed over with a warning. */
export const V01 = {
  kind: 'record',
  members: {
    apiVersion: { shape: words('eigen.os/v0.1'), help: 'eigen.os/v0.1', required: true },
    kind: KIND,
    metadata: {
      help: 'what the job is called',
      required: true,
      shape: {
        kind: 'record',
        members: {
          name: { shape: ANY_NAME, help: 'the name of the job', required: true },
          labels: { shape: NOTES, help: 'notes to find it by; they become metadata label.<key>' },
          annotations: {
            shape: NOTES,
            help: 'notes; qfs/tags holds the tags, separated by a comma and a blank',
          },
        },
      },
    },
    spec: {
      help: 'what is to be done',
      required: true,
      shape: {
        kind: 'record',
        members: {
          program: { shape: TEXT, help: 'the text of the program; instead of program_path' },
          program_path: { shape: PATH, help: 'the file of the program', preset: PROGRAM_PATH_DEFAULT },
          entrypoint: {
            shape: TEXT,
            help: 'the function of an Eigen-Lang program that is run',
            preset: 'main',
          },
          program_sha256: { shape: SHA256, help: 'the digest that the program must have' },
          inputs: { shape: INPUTS, help: 'values of inputs by name' },
          input_refs: {
            shape: INPUT_REFS,
            help: 'values of inputs that stand in artifacts of earlier jobs, by name',
          },
          target: { shape: TARGET, help: 'the device, for example sim:local', required: true },
          priority: { shape: PRIORITY, help: 'higher runs first', preset: '50' },
          compiler_options: { shape: NOTES, help: 'optimization_level 0 to 3, and target none' },
          metadata: { shape: NOTES, help: METADATA_HELP },
          dependencies: { shape: DEPENDENCIES, help: 'jobs that must be DONE before' },
          workload: { shape: WORKLOAD, help: 'the kind of work, where it is not one circuit' },
        },
      },
    },
  },
} as const satisfies RecordShape;
