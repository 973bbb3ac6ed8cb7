import type { CompiledText } from './compiled-text.ts';

/** A circuit as IonQ's JSON, for backends that do not read OpenQASM. */
export interface GateList {
  readonly gates: readonly object[];
  /** By place in the count key: the qubit that is measured into the bit; null for a bit that stays 0. */
  readonly measured: readonly (number | null)[];
}

/** IonQ's name of a gate, how many controls it has here, and the angle it takes. */
interface JsonGate {
  readonly gate: string;
  readonly controls?: number;
}

const JSON_GATES: Readonly<Record<string, JsonGate>> = {
  ...{
    x: { gate: 'x' },
    y: { gate: 'y' },
    z: { gate: 'z' },
    h: { gate: 'h' },
    s: { gate: 's' },
    t: { gate: 't' },
  },
  ...{ sdg: { gate: 'si' }, tdg: { gate: 'ti' }, sx: { gate: 'v' }, sxdg: { gate: 'vi' } },
  ...{ rx: { gate: 'rx' }, ry: { gate: 'ry' }, rz: { gate: 'rz' }, p: { gate: 'z' } },
  ...{ swap: { gate: 'swap' }, rxx: { gate: 'xx' }, ryy: { gate: 'yy' }, rzz: { gate: 'zz' } },
  ...{ cx: { gate: 'x', controls: 1 }, cy: { gate: 'y', controls: 1 }, cz: { gate: 'z', controls: 1 } },
  ...{ ch: { gate: 'h', controls: 1 }, cp: { gate: 'z', controls: 1 }, csx: { gate: 'v', controls: 1 } },
  ...{ crx: { gate: 'rx', controls: 1 }, cry: { gate: 'ry', controls: 1 }, crz: { gate: 'rz', controls: 1 } },
  ...{
    ccx: { gate: 'x', controls: 2 },
    ccz: { gate: 'z', controls: 2 },
    cswap: { gate: 'swap', controls: 1 },
  },
};

const GATE = /^(?<name>\w+)(?:\((?<angles>[^()]*)\))? (?<operands>[^=;]+);$/u;
const MEASURE = /^(?<bit>\S+) = measure (?<qubit>\S+);$/u;
/** Lines that say nothing of what happens to qubits: declarations, and what no result shows. */
const SILENT = /^(?:OPENQASM|include|qubit|bit|output bit|const|@|barrier |nop |id |gphase\()/u;
const CONSTANT = /^const \S+ (?<name>\S+) = (?<value>[-+.\deE]+);$/u;

/** The gates of a circuit, if it is gates and then measurements and nothing else. */
export function gateList(text: string, { qubitNumbers, bitPlaces }: CompiledText): GateList | undefined {
  const gates: object[] = [];
  const measured: (number | null)[] = Array.from({ length: bitPlaces.size }, () => null);
  const ended = new Set<number>();
  const constants = new Map<string, number>();
  for (const line of text.split('\n')) {
    const { name, value } = CONSTANT.exec(line)?.groups ?? {};
    if (name !== undefined) constants.set(name, Number(value));
    if (line === '' || SILENT.test(line)) continue;
    const measurement = MEASURE.exec(line)?.groups;
    if (measurement !== undefined) {
      const qubit = qubitNumbers.get(measurement.qubit ?? '');
      const place = bitPlaces.get(measurement.bit ?? '');
      if (qubit === undefined || place === undefined) return undefined;
      measured[place] = qubit;
      ended.add(qubit);
      continue;
    }
    const written = GATE.exec(line)?.groups;
    if (written === undefined) return undefined;
    const qubits = (written.operands ?? '').split(', ').map((operand) => qubitNumbers.get(operand));
    if (!qubits.every((qubit) => qubit !== undefined && !ended.has(qubit))) return undefined;
    const angles = (written.angles ?? '').split(', ').filter((angle) => angle !== '');
    const numbers = angles.map((angle) => constants.get(angle) ?? Number(angle));
    const json = jsonGates(written.name ?? '', numbers, qubits as number[]);
    if (json === undefined || numbers.some(Number.isNaN)) return undefined;
    gates.push(...json);
  }
  return { gates, measured };
}

function jsonGates(name: string, angles: readonly number[], qubits: readonly number[]): object[] | undefined {
  if (['u', 'u3', 'U'].includes(name)) {
    // Up to a phase that no result shows, RZ(φ)·RY(θ)·RZ(λ).
    const [theta, phi, lambda] = angles;
    return [
      { gate: 'rz', targets: qubits, rotation: lambda },
      { gate: 'ry', targets: qubits, rotation: theta },
      { gate: 'rz', targets: qubits, rotation: phi },
    ];
  }
  const row = Object.hasOwn(JSON_GATES, name) ? JSON_GATES[name] : undefined;
  if (row === undefined || angles.length > 1) return undefined;
  const { gate, controls = 0 } = row;
  return [
    {
      gate,
      ...(controls === 0 ? {} : { controls: qubits.slice(0, controls) }),
      targets: qubits.slice(controls),
      ...(angles.length === 0 ? {} : { rotation: angles[0] }),
    },
  ];
}
