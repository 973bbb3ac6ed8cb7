/** Passes over a whole program, most of which know the device. */
export const DEVICE_PASSES = {
  swapElision: {
    name: 'swap_elision',
    help: 'Leaves swaps out: the qubits that they exchange are found on each other afterwards. Not inside of control flow.',
  },
  layout: {
    name: 'layout',
    help: 'Gives every qubit of the program one of the device: without swaps if that can be, else where few are needed.',
  },
  routing: {
    name: 'routing',
    help: 'Brings qubits that are not coupled together by swaps (SABRE), preferring swaps that gates beside them absorb.',
  },
  basisTranslation: {
    name: 'basis_translation',
    help: 'Writes every gate with the gates of the device, on pairs in the order that it allows.',
  },
  scheduling: {
    name: 'scheduling',
    help: 'Orders gates that commute so that fewer layers are needed.',
  },
  layoutRefinement: {
    name: 'layout_refinement',
    help: 'Moves the circuit as a whole to qubits that err less, where the device has a calibration.',
  },
} as const satisfies Readonly<Record<string, { readonly name: string; readonly help: string }>>;

export type DevicePassName = keyof typeof DEVICE_PASSES;
